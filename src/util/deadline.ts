import { checkSignal, onAbort } from "./abort.ts";
import { checkedMs, startLimit } from "./timer.ts";

/** A signal that aborts with the caller's signal, or after the time limit. Dispose of it when the work is done. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal | undefined;
  /** Ends the time limit. The signal still aborts with the caller's. */
  lift(): void;
}

/**
 * `timeoutMs` in milliseconds, of any length; 0, undefined and `Infinity` mean no limit. `timeUp`
 * creates the reason of the abort.
 * @throws TypeError, RangeError for a `timeoutMs` that isn't a number, is NaN or is negative;
 * TypeError for an invalid signal.
 */
export function deadline(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  timeUp: (timeoutMs: number) => Error,
): Deadline {
  const ms = checkedMs(timeoutMs ?? 0, "timeoutMs");
  checkSignal(signal);
  if (ms === 0 || ms === Number.POSITIVE_INFINITY)
    return { signal, lift: () => {}, [Symbol.dispose]: () => {} };
  const controller = new AbortController();
  const timer = startLimit(ms, () => controller.abort(timeUp(ms)));
  const stop = onAbort(signal, () => {
    timer.cancel();
    controller.abort(signal?.reason);
  });
  return {
    signal: controller.signal,
    lift: () => timer.cancel(),
    [Symbol.dispose]: () => {
      timer.cancel();
      stop();
    },
  };
}
