/** Who is woken by `Wakes`. */
export interface Sleeper {
  wake(): void;
}

/** From so many on, waking all takes long enough to be put off while more keeps coming. */
const MANY = 64;
/** How long it is put off at most. */
const MAX_DELAY_MS = 4;

/**
 * Wakes readers together, at the end of the event loop's turn: what the server sent in quick
 * succession then costs each reader one wake-up, however many turns it is of. In a flood for many
 * readers some turns of the loop are taken together.
 */
export class Wakes {
  #sleepers: Sleeper[] = [];
  /** Whether something has come for the sleepers since the end of the last turn of the loop. */
  #flows = false;
  #since = 0;

  add(sleeper: Sleeper): void {
    if (this.#sleepers.length === 0) this.#schedule();
    this.#sleepers.push(sleeper);
  }

  /** More has come for one that was added. */
  flow(): void {
    this.#flows = true;
  }

  #schedule(): void {
    this.#since = performance.now();
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    const isFlood = this.#flows && this.#sleepers.length >= MANY;
    this.#flows = false;
    if (isFlood && performance.now() - this.#since < MAX_DELAY_MS) {
      setImmediate(() => this.#endTurn());
      return;
    }
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const sleeper of sleepers) sleeper.wake();
  }
}
