import type { NotificationParams } from "../../protocol/index.cjs";
import type { CodexStatus } from "../../session/status.cjs";
import type { RequestOptions } from "../../thread/thread-server.cjs";
import type { NotificationMethod } from "../notifications.cjs";
import type { RequestArguments, ResultOf } from "../types.cjs";
/** What a namespace needs of its client. */
export interface NamespaceClient {
    request<M extends string>(method: M, ...args: RequestArguments<M, RequestOptions>): Promise<ResultOf<M>>;
    on<M extends NotificationMethod>(method: M, listener: (params: NotificationParams[M]) => void): Disposable;
    /** The state of the connection to the server. */
    readonly status: CodexStatus;
    onStatus(listener: (status: CodexStatus) => void): Disposable;
}
/** Splits the limits of a call from the params of its request. */
export declare function splitLimits<T extends RequestOptions>(options: T): [params: Omit<T, keyof RequestOptions>, limits: RequestOptions];
//# sourceMappingURL=client.d.ts.map