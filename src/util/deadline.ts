import { onAbort } from "./abort.ts";

/** A signal that aborts with the caller's signal, or when time is up. Dispose of it when the work is done. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal | undefined;
}

/** `timeoutMs` in milliseconds, 0 or undefined for none; `timeUp` makes the reason of the abort. */
export function deadline(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  timeUp: (timeoutMs: number) => Error,
): Deadline {
  if (!timeoutMs) return { signal, [Symbol.dispose]: () => {} };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeUp(timeoutMs)), timeoutMs);
  const stop = onAbort(signal, () => controller.abort(signal?.reason));
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      stop();
    },
  };
}
