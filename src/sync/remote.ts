import type { WaitOptions } from "../client/turn.ts";
import type { Bridge, Entry } from "./bridge.ts";

/** One object of the worker, to be called and waited for. */
export class Remote {
  readonly #bridge: Bridge;
  readonly #target: number;

  constructor(bridge: Bridge, target: number) {
    this.#bridge = bridge;
    this.#target = target;
  }

  /** Reads a property. */
  get(name: string): unknown {
    return this.#call(this.get, name, []);
  }

  /**
   * Calls a method and waits for its result.
   * @param entry What the user has called: where the stacks of errors begin.
   */
  call(entry: Entry, member: string, args: readonly unknown[] = []): unknown {
    return this.#call(entry, member, args);
  }

  /** The same for a call that waits for a turn, which Ctrl-C interrupts on the server too. */
  callForTurn(
    entry: Entry,
    member: string,
    args: readonly unknown[],
    options: WaitOptions,
  ): unknown {
    const interrupt = new AbortController();
    const signal = options.signal
      ? AbortSignal.any([options.signal, interrupt.signal])
      : interrupt.signal;
    try {
      return this.#call(entry, member, [...args, { ...options, signal }], () => interrupt.abort());
    } finally {
      this.#bridge.releaseSignal(signal);
    }
  }

  /** The object is not used any more: an iterator is returned, a subscription ended. */
  release(): void {
    this.#bridge.release(this.#target);
  }

  /** Releases it when `object`, which stands for it, is collected. */
  releaseWith(object: object): void {
    this.#bridge.releaseWith(object, this.#target);
  }

  #call(entry: Entry, member: string, args: readonly unknown[], onInterrupt?: () => void): unknown {
    const target = this.#target;
    const packed = this.#bridge.pack(args);
    return this.#bridge.request(entry, { kind: "call", target, member, args: packed }, onInterrupt);
  }
}
