import type { NotificationParams } from "../../protocol/index.ts";
import type { CodexStatus } from "../../session/status.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import type { NotificationMethod } from "../notifications.ts";
import type { RequestArguments, ResultOf } from "../types.ts";

/** The parts of a client that a namespace needs. */
export interface NamespaceClient {
  request<M extends string>(
    method: M,
    ...args: RequestArguments<M, RequestOptions>
  ): Promise<ResultOf<M>>;
  on<M extends NotificationMethod>(
    method: M,
    listener: (params: NotificationParams[M]) => void,
  ): Disposable;
  /** The state of the connection to the server. */
  readonly status: CodexStatus;
  onStatus(listener: (status: CodexStatus) => void): Disposable;
}

/** Separates the limits of a call from the params of its request. */
export function splitLimits<T extends RequestOptions>(
  options: T,
): [params: Omit<T, keyof RequestOptions>, limits: RequestOptions] {
  const { signal, timeoutMs, ...params } = options;
  return [params, { signal, timeoutMs }];
}
