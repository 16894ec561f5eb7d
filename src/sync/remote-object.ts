import type { Bridge, Entry } from "./bridge.ts";

/** One of the worker's objects, whose methods are called from this thread. */
export class RemoteObject {
  readonly #bridge: Bridge;
  readonly #target: number;

  constructor(bridge: Bridge, target: number) {
    this.#bridge = bridge;
    this.#target = target;
  }

  /** Reads a property. */
  get(member: string): unknown {
    return this.#bridge.call(this.get, { target: this.#target, member, args: [] });
  }

  /**
   * Calls a method and waits for its result.
   * @param entry The public method that the user called: stack traces of errors start at its caller.
   */
  call(entry: Entry, member: string, args: readonly unknown[] = []): unknown {
    return this.#bridge.call(entry, { target: this.#target, member, args });
  }

  /** Calls a method whose last parameter is options with a signal, which Ctrl-C also aborts. */
  callAbortable(entry: Entry, member: string, args: readonly unknown[]): unknown {
    return this.#bridge.call(entry, { target: this.#target, member, args, abortable: true });
  }

  /** Releases the worker's object when this one is garbage-collected. */
  releaseWhenCollected(): this {
    this.#bridge.releaseWith(this, this.#target);
    return this;
  }

  /** Releases the object, which closes an iterator and ends a subscription. */
  release(): void {
    this.#bridge.release(this, this.#target);
  }

  /** Releases the signals that were passed when the object was created. Called when the object has ended. */
  releaseSignals(): void {
    this.#bridge.releaseSignals(this.#target);
  }
}
