import { RequestTimeoutError } from "../../errors/errors.ts";
import { either, onAbort, orAborted } from "../../util/abort.ts";
import { type Deadline, deadline } from "../../util/deadline.ts";

/** How long to wait. Unlike the same options of a `Codex` turn, these never end the turn: others may be waiting for it. */
export interface FleetWaitOptions {
  /** Ends the wait: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the wait after this time, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** Ends a wait when the caller aborts it, when its time is up, or when the fleet is closed. */
export function waitLimit(
  what: string,
  closed: AbortSignal,
  { signal, timeoutMs }: FleetWaitOptions,
): { readonly signal: AbortSignal } & Disposable {
  const late = (ms: number) =>
    new RequestTimeoutError(what, ms, `${what}: no response within ${ms} ms`);
  const limit: Deadline = deadline(signal, timeoutMs, late);
  const both = either(closed, limit.signal);
  return {
    signal: both.signal,
    [Symbol.dispose]: () => {
      both[Symbol.dispose]();
      limit[Symbol.dispose]();
    },
  };
}

/** Does work until the wait ends, even if Redis doesn't answer. */
export async function waiting<T>(
  what: string,
  closed: AbortSignal,
  options: FleetWaitOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = waitLimit(what, closed, options);
  limit.signal.throwIfAborted();
  return await orAborted(work(limit.signal), limit.signal);
}

/** Remembers a wake-up until the next wait. */
export class Wake {
  #isWoken = false;
  #resume: (() => void) | undefined;

  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  /** Resolves once `wake()` has been called since the last wait. */
  async wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isWoken) {
      const stop = { now: () => {} };
      await new Promise<void>((resolve, reject) => {
        this.#resume = resolve;
        stop.now = onAbort(signal, () => reject(signal.reason));
      }).finally(() => {
        this.#resume = undefined;
        stop.now();
      });
    }
    this.#isWoken = false;
  }
}
