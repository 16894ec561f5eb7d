import { type CodexError } from "../errors/errors.js";
import { type RetryOptions } from "../errors/retry.js";
import { type Warn } from "../errors/warning.js";
import { ThreadRegistry } from "../thread/thread-registry.js";
import type { CurrentConnection, SendOptions, ThreadServer } from "../thread/thread-server.js";
import type { TraceRecorder } from "../trace/recorder.js";
import type { Endpoint } from "../transport/transport.js";
import type { ClientIdentity, ServerMetadata } from "./handshake.js";
import { NotificationHub } from "./hub.js";
import type { PendingRequests } from "./pending-requests.js";
import type { RecoveryPolicy } from "./recovery-policy.js";
import type { Responder } from "./responder.js";
import type { CodexStatus } from "./status.js";
import { Work } from "./work.js";
export interface SessionOptions {
    readonly endpoint: Endpoint;
    readonly client: ClientIdentity;
    /** In milliseconds; 0 is none. */
    readonly requestTimeoutMs: number;
    /** How requests are retried that the server was too busy for; false: they aren't. */
    readonly retry: RetryOptions | false;
    /** Makes the params of `account/login/start`, with which each connection begins; undefined: it doesn't log in. */
    readonly logIn?: (() => Promise<object>) | undefined;
    /** How a lost connection is re-established; undefined: it isn't. */
    readonly recovery: RecoveryPolicy | undefined;
    /** How long a turn may be silent before the server is asked about it. In milliseconds; 0: never. */
    readonly turnIdleMs: number;
    /** How long the server may retry to reach a turn's model. In milliseconds; 0 is no limit. */
    readonly modelRetryMs: number;
    /** False: the connection keeps the program alive only while there is work. */
    readonly keepAlive: boolean;
    readonly responder: Responder;
    /** The requests that wait for an answer of the user. */
    readonly pending: PendingRequests;
    /** What writes the trace, if there is one. */
    readonly recorder?: TraceRecorder | undefined;
    readonly warn: Warn;
    readonly onStatus: (status: CodexStatus) => void;
}
/** Everything between the client's handles and the server, across connections. */
export declare class Session implements ThreadServer {
    #private;
    readonly hub: NotificationHub;
    readonly threads: ThreadRegistry;
    readonly busyRetry: RetryOptions | false;
    /** Requests and turns in progress. */
    readonly work: Work;
    constructor(options: SessionOptions);
    /** Resolves when the session has ended: with undefined after `close()`, otherwise with the reason. */
    get ended(): Promise<CodexError | undefined>;
    get metadata(): ServerMetadata | undefined;
    get status(): CodexStatus;
    get pending(): PendingRequests;
    get warn(): Warn;
    get version(): string;
    get modelRetryMs(): number;
    get turnIdleMs(): number;
    get recovers(): boolean;
    get outlivesConnection(): boolean;
    /** Whether the server sees the files of this machine. */
    get sharesFiles(): boolean;
    /** Connects and completes the handshake, unless that is done. */
    connect(signal?: AbortSignal): Promise<void>;
    connection(): CurrentConnection | undefined;
    /**
     * Sends a request of the user. One that starts a turn waits until its thread is free. What the
     * response says about a thread is applied to it.
     */
    userRequest(method: string, params: unknown, options?: SendOptions): Promise<unknown>;
    /**
     * Sends a request and waits for its answer. It is sent again if the server was too busy for it,
     * and after a lost connection if it hadn't been sent or can be repeated safely.
     */
    request(method: string, params: unknown, options?: SendOptions): Promise<unknown>;
    pause(ms: number, signal?: AbortSignal): Promise<void>;
    restartServer(reason: CodexError): boolean;
    /** Ends the connection, and rejects everything that waits for it. Idempotent. */
    close(): Promise<void>;
}
//# sourceMappingURL=session.d.ts.map