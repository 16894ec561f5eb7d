import { isServerBusy, type RetryOptions } from "../errors/retry.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import { either } from "../util/abort.ts";
import { type Backoff, backoffDelay } from "../util/backoff.ts";
import { isNotLoaded } from "./ask-status.ts";
import { wasRefused } from "./history.ts";
import { untilReady } from "./limited-call.ts";
import type { StartPlace } from "./start-queue.ts";
import type { ThreadState } from "./thread-state.ts";

/** Returned by a start that started nothing: the caller releases the slot, and waits for it again. */
export const AGAIN: unique symbol = Symbol("again");

const BACKOFF: Backoff = { initialDelayMs: 250, maxDelayMs: 2_000, jitterRatio: 0.2 };
const DEFAULT_ATTEMPTS = 3;
const NOT_STEERABLE_ATTEMPTS = 10;

interface SlotOptions {
  /** The method of the request. */
  readonly method: string;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly place?: StartPlace | undefined;
}

/**
 * Sends a request that starts a turn while the thread is free and this connection is subscribed to
 * it. `send` withdraws an unsent request when `taken` aborts. A server that is too busy is asked
 * again once the thread is free again: another turn may have started in the meantime, which the
 * request would steer. Later starts of this client wait, so that turns run in the order of the calls:
 * `place` is the caller's place in that order, if it joined earlier.
 */
export async function inSlot<T>(
  thread: ThreadState,
  { method, signal, timeoutMs, place: given }: SlotOptions,
  send: (taken: AbortSignal) => Promise<T | typeof AGAIN>,
): Promise<T> {
  using place = given ?? thread.starts.join({ timeoutMs });
  const { server } = thread;
  // A caller that waits to try again also stops when retries are aborted.
  using retrying = either(signal, server.busyRetry ? server.busyRetry.signal : undefined);
  for (let failures = 0; ; ) {
    try {
      const early = failures > 0 ? retrying.signal : signal;
      const requestTimeoutMs = place.hasLimit ? 0 : server.requestTimeoutMs;
      await untilReady(place.call, method, { signal: early, requestTimeoutMs });
      const outcome = await tryOnce(thread, place, early, send);
      if (outcome === AGAIN) continue;
      place.call[Symbol.dispose]();
      return outcome;
    } catch (error) {
      failures++;
      if (isNotSteerable(error) && failures < NOT_STEERABLE_ATTEMPTS) {
        // The turn that blocks the thread will soon be seen; then the start waits for its end.
        thread.starts.expectTurn();
        continue;
      }
      // The connection was replaced after the thread had been subscribed to.
      if (isNotLoaded(error) && !thread.subscription.isActive && failures === 1) continue;
      const retry = retryAfter(error, server.busyRetry);
      if (retry === undefined || failures >= retry.maxAttempts) throw error;
      await server.pause(backoffDelay(failures, retry), retrying.signal);
    }
  }
}

async function tryOnce<T>(
  thread: ThreadState,
  place: StartPlace,
  signal: AbortSignal | undefined,
  send: (taken: AbortSignal) => Promise<T | typeof AGAIN>,
): Promise<T | typeof AGAIN> {
  using slot = await thread.starts.acquire(place, signal);
  signal?.throwIfAborted();
  // The thread may have been changed while the caller waited to be admitted.
  if (!place.call.isReady) return AGAIN;
  await thread.subscribe();
  signal?.throwIfAborted();
  // Subscribing may have shown that the thread is active.
  if (!thread.starts.isFree) return AGAIN;
  try {
    return await send(slot.taken);
  } catch (error) {
    // Another turn started while the request waited to be sent.
    if (slot.taken.aborted && error === slot.taken.reason) return AGAIN;
    // After anything other than a refusal, the server may have started a turn.
    if (!wasRefused(error)) thread.starts.expectTurn();
    throw error;
  }
}

/** How to retry a refused start; undefined if it isn't retried. */
function retryAfter(
  error: unknown,
  busyRetry: RetryOptions | false,
): (Backoff & { readonly maxAttempts: number }) | undefined {
  if (!isServerBusy(error) || busyRetry === false) return undefined;
  const { maxAttempts = DEFAULT_ATTEMPTS, ...given } = busyRetry;
  return {
    maxAttempts,
    initialDelayMs: given.initialDelayMs ?? BACKOFF.initialDelayMs,
    maxDelayMs: given.maxDelayMs ?? BACKOFF.maxDelayMs,
    jitterRatio: given.jitterRatio ?? BACKOFF.jitterRatio,
  };
}

/** Whether the active turn is a compaction or a review that wasn't known here yet: neither takes input. */
function isNotSteerable(error: unknown): boolean {
  return error instanceof JsonRpcError && /ActiveTurnNotSteerable/.test(error.serverMessage);
}
