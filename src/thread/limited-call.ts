import { RequestTimeoutError } from "../errors/errors.ts";
import { orAborted } from "../util/abort.ts";
import type { CallOrder, CallPlace } from "../util/call-order.ts";
import { deadline } from "../util/deadline.ts";
import type { RequestOptions } from "./thread-server.ts";

/**
 * A call that does more than send one request: the caller's signal and `timeoutMs` end all of it.
 * `method` names the call in the error. Without a `timeoutMs`, each request has its own default.
 */
export async function limitedCall<T>(
  method: string,
  { signal, timeoutMs }: RequestOptions,
  work: (limits: RequestOptions) => Promise<T>,
): Promise<T> {
  using limit = deadline(signal, timeoutMs, (ms) => new RequestTimeoutError(method, ms));
  return await orAborted(work({ signal: limit.signal, timeoutMs }), limit.signal);
}

/** A call's place in an order, and the time for which it waits there by default. */
export interface Ordered<Kind extends string> {
  readonly order: CallOrder<Kind>;
  readonly kind: Kind;
  /** In milliseconds; 0 means no limit. */
  readonly requestTimeoutMs: number;
}

/** Like `limitedCall`, for a call that must not overtake certain earlier ones. */
export function orderedCall<T, Kind extends string>(
  { order, kind, requestTimeoutMs }: Ordered<Kind>,
  method: string,
  options: RequestOptions,
  work: (limits: RequestOptions) => Promise<T>,
): Promise<T> {
  return limitedCall(method, options, async (limits) => {
    using place = order.enter(kind);
    await untilReady(place, method, { requestTimeoutMs, ...limits });
    return await work(limits);
  });
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
  const late = (ms: number) =>
    new RequestTimeoutError(
      method,
      ms,
      `${method} wasn't sent within ${ms} ms, because the server hasn't answered an earlier call`,
    );
  using limit = deadline(signal, timeoutMs ?? requestTimeoutMs, late);
  await place.ready(limit.signal);
}
