import type { RetryOptions } from "../errors/retry.cjs";
export interface RequestOptions {
    /** Stops the wait; the call rejects with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
    /**
     * How long the call may take in all, connecting and retries included. In milliseconds; 0 is no
     * limit. Default: the client's `requestTimeoutMs`.
     */
    readonly timeoutMs?: number | undefined;
}
export interface SendOptions extends RequestOptions {
    /**
     * Applies the result as soon as its line is read, before the next message of the server is
     * handled, and even when the caller has given up: state that a response changes is set here.
     */
    readonly onResult?: ((result: unknown) => void) | undefined;
    /** Withdraws the request while it hasn't been sent; the call rejects with the signal's reason. Only with `retry: false`. */
    readonly unsent?: AbortSignal | undefined;
    /** Overtakes requests that wait to be sent: for what controls work in progress. */
    readonly urgent?: boolean | undefined;
    /** False: a server that is too busy (-32001) rejects the call at once. Default true. */
    readonly retry?: boolean | undefined;
}
/** Sends requests on one connection only, until it is lost. */
export interface CurrentConnection {
    /**
     * Asks until the server has an answer: a server that is too busy is asked again. Rejects with
     * `CallLost` when the connection is lost, `JsonRpcError` when the server refuses, and
     * `RequestTimeoutError` when no answer comes.
     */
    ask(method: string, params: object, onResult?: (result: unknown) => void): Promise<unknown>;
    readonly isLost: boolean;
}
/** What the threads need from the session below them. */
export interface ThreadServer {
    request(method: string, params: object, options?: SendOptions): Promise<unknown>;
    /** The present connection; undefined while there is none. */
    connection(): CurrentConnection | undefined;
    /** Waits, but not beyond the end of the client. In milliseconds. */
    pause(ms: number, signal?: AbortSignal): Promise<void>;
    /** How a request is retried that the server was too busy for. */
    readonly busyRetry: RetryOptions | false;
    /** Whether a lost connection is re-established. */
    readonly recovers: boolean;
    /** Whether the server keeps running when the connection is lost. */
    readonly outlivesConnection: boolean;
    /** The server's version; "" before the handshake. */
    readonly version: string;
    /** How long the server may retry to reach a turn's model. In milliseconds; 0 is no limit. */
    readonly modelRetryMs: number;
    /** How long a turn may be silent before the server is asked about it. In milliseconds; 0: never. */
    readonly turnIdleMs: number;
    /** Kills and restarts a server process of our own; false when there is none or it isn't restarted. */
    restartServer(reason: Error): boolean;
}
//# sourceMappingURL=thread-server.d.ts.map