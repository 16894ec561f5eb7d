/** Who is woken by `Wakes`. */
export interface Sleeper {
  wake(): void;
}

/**
 * Wakes readers together, at the end of the event loop's turn: deltas that the server sent in quick
 * succession then cost each reader one wake-up, however many turns they are of.
 */
export class Wakes {
  #sleepers: Sleeper[] = [];

  add(sleeper: Sleeper): void {
    if (this.#sleepers.length === 0) setImmediate(() => this.#wakeAll());
    this.#sleepers.push(sleeper);
  }

  #wakeAll(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const sleeper of sleepers) sleeper.wake();
  }
}
