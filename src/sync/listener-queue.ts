import { Fifo } from "../util/fifo.ts";

/** How many listeners run during each other's calls. */
const MAX_NESTED = 16;

/**
 * Runs the listeners of events. A listener can make calls, during which more events arrive and run
 * their listeners. Beyond 16 levels they wait until a listener has returned: a flood of events must
 * not overflow the stack, which would end the process.
 */
export class ListenerQueue {
  readonly #waiting = new Fifo<() => void>();
  #running = 0;

  /** Calls a function that never throws: now, or before one of those that are running returns to its caller. */
  run(notify: () => void): void {
    this.#waiting.push(notify);
    if (this.#running === MAX_NESTED) return;
    this.#running++;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next();
    this.#running--;
  }
}
