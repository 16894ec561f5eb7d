import { describe } from "./describe.ts";
import { startTimer } from "./timer.ts";

/**
 * Settles like `promise`, or rejects with the signal's reason as soon as it aborts. A value that
 * arrives after the abort is passed to `discard`, which releases it.
 */
export function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  discard?: (late: T) => void,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    let over = false;
    const stop = onAbort(signal, () => {
      over = true;
      reject(signal.reason);
    });
    const settle = (value: T) => {
      if (over) discard?.(value);
      else resolve(value);
    };
    promise.then(settle, reject).finally(stop);
  });
}

/** @throws TypeError if `signal` is neither a signal nor undefined. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}`);
}

interface Wait {
  readonly run: () => void;
}

/**
 * Everything that waits for one signal. A signal searches its listeners whenever one is added or
 * removed, so all waits share a single listener.
 */
class SharedListener {
  static readonly #of = new WeakMap<AbortSignal, SharedListener>();
  readonly #signal: AbortSignal;
  readonly #waits = new Set<Wait>();

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#aborted, { once: true });
  }

  static of(signal: AbortSignal): SharedListener {
    const shared = SharedListener.#of.get(signal) ?? new SharedListener(signal);
    SharedListener.#of.set(signal, shared);
    return shared;
  }

  add(wait: Wait): void {
    this.#waits.add(wait);
  }

  remove(wait: Wait): void {
    if (this.#waits.delete(wait) && this.#waits.size === 0) this.#stop();
  }

  readonly #aborted = (): void => {
    this.#stop();
    for (const wait of this.#waits) {
      this.#waits.delete(wait);
      runApart(wait.run);
    }
  };

  #stop(): void {
    this.#signal.removeEventListener("abort", this.#aborted);
    SharedListener.#of.delete(this.#signal);
  }
}

/**
 * Runs `listener` once when the signal aborts, or immediately if it already has. Returns a function
 * that removes the listener. Any number of listeners can wait for one signal.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  const shared = SharedListener.of(signal);
  const wait: Wait = { run: listener };
  shared.add(wait);
  return () => shared.remove(wait);
}

/** A signal that aborts with the first of several. Dispose of it when the work is done. */
export interface EitherSignal extends Disposable {
  readonly signal: AbortSignal;
}

export function either(...signals: readonly (AbortSignal | undefined)[]): EitherSignal {
  const controller = new AbortController();
  const stops = signals.map((one) => onAbort(one, () => controller.abort(one?.reason)));
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
    },
  };
}

/**
 * Runs a listener. An exception in it is uncaught, as with the signal's own listeners, and doesn't stop other listeners.
 */
function runApart(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}

/** Waits for this many milliseconds; rejects with the signal's reason if it aborts. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = startTimer(ms, () => {
      stop();
      resolve();
    });
    const stop = onAbort(signal, () => {
      timer.cancel();
      reject(signal?.reason);
    });
  });
}

/** The value of the promise, or undefined after `ms` milliseconds. A rejection is passed on. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
