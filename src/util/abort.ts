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

/** @throws TypeError if it isn't a signal. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}`);
}

interface Wait {
  readonly run: () => void;
}

/** All who wait for one signal. It looks through its listeners at each change: so it has one for all. */
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
 * Runs `listener` once when the signal aborts, at once if it has. Returns what takes the listener
 * off. Any number may wait for one signal.
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

/** What one listener throws is uncaught, as with listeners of the signal's own, and stops no other. */
function runApart(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}

/** Waits this many milliseconds; rejects with the signal's reason if it aborts. */
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
