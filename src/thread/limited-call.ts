import { RequestTimeoutError } from "../errors/errors.ts";
import { checkSignal, orAborted } from "../util/abort.ts";
import type { CallOrder, CallPlace } from "../util/call-order.ts";
import { deadline } from "../util/deadline.ts";
import { checkedMs } from "../util/timer.ts";
import type { RequestOptions } from "./thread-server.ts";

/**
 * A call that does more than send one request: the caller's signal and `timeoutMs` end all of it.
 * `method` names the call in the error. Without a `timeoutMs`, each request has its own default.
 */
export async function limitedCall<T>(
  method: string,
  { signal, timeoutMs }: RequestOptions,
  work: (limits: RequestOptions) => Promise<T>,
  timeUp = (ms: number): Error => unanswered(method, ms),
): Promise<T> {
  using limit = deadline(signal, timeoutMs, timeUp);
  return await orAborted(work({ signal: limit.signal, timeoutMs }), limit.signal);
}

/**
 * Throws what a limited call with these options would throw. Call it before you create a thread's state, which only a
 * call that begins releases.
 */
export function checkLimits({ signal, timeoutMs }: RequestOptions): void {
  checkSignal(signal);
  checkedMs(timeoutMs ?? 0, "timeoutMs");
}

/** A call's place in an order, and the time for which it waits there by default. */
export interface Ordered<Kind extends string> {
  readonly order: CallOrder<Kind>;
  readonly kind: Kind;
  /** In milliseconds; 0 means no limit. */
  readonly requestTimeoutMs: number;
  /** The error if the time limit ends the call after the wait. */
  readonly timeUp?: (method: string, timeoutMs: number) => Error;
}

/** Like `limitedCall`, for a call that must not overtake certain earlier ones. */
export function orderedCall<T, Kind extends string>(
  { order, kind, requestTimeoutMs, timeUp = unanswered }: Ordered<Kind>,
  method: string,
  options: RequestOptions,
  work: (limits: RequestOptions) => Promise<T>,
): Promise<T> {
  let isWaiting = true;
  const late = (ms: number) => (isWaiting ? notSent(method, ms) : timeUp(method, ms));
  const ordered = async (limits: RequestOptions) => {
    using place = order.enter(kind);
    await untilReady(place, method, { requestTimeoutMs, ...limits });
    isWaiting = false;
    return await work(limits);
  };
  return limitedCall(method, options, ordered, late);
}

/**
 * Waits for the earlier calls that this one must not overtake. They may never be answered, so this wait has the
 * default time limit of a request.
 */
export async function untilReady(
  place: CallPlace,
  method: string,
  { signal, timeoutMs, requestTimeoutMs }: RequestOptions & { readonly requestTimeoutMs: number },
): Promise<void> {
  if (place.isReady) return;
  const late = (ms: number) => notSent(method, ms);
  using limit = deadline(signal, timeoutMs ?? requestTimeoutMs, late);
  await place.ready(limit.signal);
}

function unanswered(method: string, ms: number): RequestTimeoutError {
  return new RequestTimeoutError(method, ms);
}

function notSent(method: string, ms: number): RequestTimeoutError {
  const why = "because the server hasn't answered an earlier call";
  return new RequestTimeoutError(method, ms, `${method} wasn't sent within ${ms} ms, ${why}`);
}
