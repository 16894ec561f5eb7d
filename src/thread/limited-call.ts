import { RequestTimeoutError } from "../errors/errors.ts";
import { orAborted } from "../util/abort.ts";
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
