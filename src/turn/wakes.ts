/** Who is woken by `Wakes`. */
export interface Sleeper {
  wake(): void;
}

/** From so many on, to wake all takes long enough to be put off while still more are to be woken. */
const MANY = 64;
/** How long it is put off at most. */
const MAX_DELAY_MS = 4;

/**
 * Wakes readers together, at the end of the event loop's turn: deltas that the server sent in quick
 * succession then cost each reader one wake-up, however many turns they are of. In a flood for many
 * readers, while each turn of the loop adds some, a few turns are taken together.
 */
export class Wakes {
  #sleepers: Sleeper[] = [];
  /** How many there were at the end of the last turn of the loop. */
  #seen = 0;
  #since = 0;

  add(sleeper: Sleeper): void {
    if (this.#sleepers.length === 0) {
      this.#seen = 0;
      this.#since = performance.now();
      this.#schedule();
    }
    this.#sleepers.push(sleeper);
  }

  #schedule(): void {
    setImmediate(() => {
      if (this.#isFlood()) this.#schedule();
      else this.#wakeAll();
    });
  }

  #isFlood(): boolean {
    const { length } = this.#sleepers;
    const grows = length > this.#seen;
    this.#seen = length;
    return length >= MANY && grows && performance.now() - this.#since < MAX_DELAY_MS;
  }

  #wakeAll(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const sleeper of sleepers) sleeper.wake();
  }
}
