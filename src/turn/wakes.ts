/** A reader that `Wakes` wakes. */
export interface Sleeper {
  wake(): void;
}

/**
 * With this many sleepers or more, waking them is so expensive that it is delayed while notifications keep arriving.
 */
const MANY = 64;
/** The longest such delay. */
const MAX_DELAY_MS = 4;

/**
 * Wakes readers together at the end of the event loop's iteration, so that deltas which the server
 * sent in quick succession cost each reader one wake-up. In a flood for many readers, one wake-up
 * covers several iterations.
 */
export class Wakes {
  #sleepers: Sleeper[] = [];
  /** Whether something arrived in this iteration of the loop. */
  #flows = false;
  #since = 0;

  add(sleeper: Sleeper): void {
    if (this.#sleepers.length === 0) this.#schedule();
    this.#sleepers.push(sleeper);
  }

  /** Notes that something has arrived for a sleeper. */
  flow(): void {
    this.#flows = true;
  }

  #schedule(): void {
    this.#since = performance.now();
    setImmediate(() => this.#endIteration());
  }

  #endIteration(): void {
    const isFlood = this.#flows && this.#sleepers.length >= MANY;
    this.#flows = false;
    if (isFlood && performance.now() - this.#since < MAX_DELAY_MS) {
      setImmediate(() => this.#endIteration());
      return;
    }
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const sleeper of sleepers) sleeper.wake();
  }
}
