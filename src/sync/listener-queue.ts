import { Fifo } from "../util/fifo.ts";

/** The maximum nesting of listeners that run during each other's calls. */
const MAX_NESTED = 16;

/**
 * Runs the listeners of events. A listener can make calls, during which more events arrive and run
 * their listeners. Beyond 16 levels they wait until a listener has returned: a flood of events must
 * not overflow the stack, which would end the process.
 */
export class ListenerQueue {
  readonly #waiting = new Fifo<() => void>();
  #running = 0;

  /** Calls the function, which never throws: now, or at the limit, as soon as a running one has returned. */
  run(notify: () => void): void {
    this.#waiting.push(notify);
    if (this.#running === MAX_NESTED) return;
    this.#running++;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next();
    } finally {
      this.#running--;
    }
  }
}
