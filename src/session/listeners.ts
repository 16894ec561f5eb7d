import { CodexWarning, type Warn } from "../errors/warning.ts";
import { checkListener } from "../util/checks.ts";
import { messageOf } from "../util/describe.ts";

type Listener<Args extends unknown[]> = (...args: Args) => unknown;

/**
 * Listeners of one kind of event. If one throws or rejects, a warning is reported, and the others
 * are still called.
 */
export class Listeners<Args extends unknown[]> {
  readonly #what: string;
  readonly #warn: Warn;
  readonly #listeners = new Set<Listener<Args>>();

  /** `what` names the event in warnings. */
  constructor(what: string, warn: Warn) {
    this.#what = what;
    this.#warn = warn;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Adds a listener. A function that was added twice is called twice; each disposal removes it once.
   * @throws TypeError if `listener` isn't a function.
   */
  add(listener: Listener<Args>): Disposable {
    checkListener(listener);
    const entry: Listener<Args> = (...args) => listener(...args);
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** Calls the current listeners. A listener that is added during the calls gets the next event. */
  tell(...args: Args): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        const result: unknown = listener(...args);
        if (result instanceof Promise) result.catch((cause) => this.#report(cause));
      } catch (cause) {
        this.#report(cause);
      }
    }
  }

  #report(cause: unknown): void {
    const message = `A listener of ${this.#what} threw: ${messageOf(cause)}`;
    this.#warn(new CodexWarning("LISTENER_FAILED", message, { cause }));
  }
}
