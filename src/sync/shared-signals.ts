interface SharedSignal {
  readonly number: number;
  readonly signal: AbortSignal;
  readonly listener: () => void;
  uses: number;
}

/**
 * The caller's signals that the worker mirrors. Each has one listener, no matter how many calls use
 * it: the first use adds it, and the last release or the abort removes it.
 */
export class SharedSignals {
  readonly #onAbort: (number: number, reason: unknown) => void;
  readonly #onUnused: (number: number) => void;
  readonly #bySignal = new Map<AbortSignal, SharedSignal>();
  readonly #byNumber = new Map<number, SharedSignal>();
  #lastNumber = 0;

  /** `onUnused` is called when the last use of a signal that didn't abort has ended. */
  constructor(
    onAbort: (number: number, reason: unknown) => void,
    onUnused: (number: number) => void,
  ) {
    this.#onAbort = onAbort;
    this.#onUnused = onUnused;
  }

  get size(): number {
    return this.#byNumber.size;
  }

  /** Adds a use. Returns the number under which the worker mirrors the signal. Release each use once. */
  use(signal: AbortSignal): number {
    const shared = this.#bySignal.get(signal) ?? this.#share(signal);
    shared.uses++;
    return shared.number;
  }

  release(number: number): void {
    const shared = this.#byNumber.get(number);
    if (shared === undefined || --shared.uses > 0) return;
    this.#forget(shared);
    this.#onUnused(number);
  }

  /** Ends all uses without reporting them. */
  clear(): void {
    for (const shared of this.#byNumber.values()) this.#forget(shared);
  }

  #share(signal: AbortSignal): SharedSignal {
    const number = ++this.#lastNumber;
    const listener = () => {
      this.#forget(shared);
      this.#onAbort(number, signal.reason);
    };
    const shared: SharedSignal = { number, signal, listener, uses: 0 };
    this.#bySignal.set(signal, shared);
    this.#byNumber.set(number, shared);
    signal.addEventListener("abort", listener);
    return shared;
  }

  #forget({ number, signal, listener }: SharedSignal): void {
    this.#bySignal.delete(signal);
    this.#byNumber.delete(number);
    signal.removeEventListener("abort", listener);
  }
}
