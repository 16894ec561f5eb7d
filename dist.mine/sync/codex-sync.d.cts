import type { Codex } from "../client/codex.cjs";
import type { ExecCommand } from "../client/exec.cjs";
import type { Notification, NotificationMethod } from "../client/notifications.cjs";
import type { RequestArguments, ResultOf } from "../client/types.cjs";
import type { NotificationParams, Thread as ThreadRecord } from "../protocol/index.cjs";
import type { ServerMetadata } from "../session/handshake.cjs";
import type { CodexStatus } from "../session/status.cjs";
import type { RequestOptions } from "../thread/thread-server.cjs";
import type { Blocked, Blocking, BlockingIterator, Result } from "./blocking.cjs";
import type { omittedMembers } from "./omitted-members.cjs";
import type { CodexSyncOptions } from "./options.cjs";
import { type PendingRequestSync, RequestsSync } from "./requests-sync.cjs";
import type { ThreadSync } from "./thread-sync.cjs";
import type { TurnSync } from "./turn-sync.cjs";
type Mirror = Blocking<Codex, {
    thread: ThreadSync;
    turn: TurnSync<unknown>;
    requests: RequestsSync;
    request: PendingRequestSync;
}, keyof typeof omittedMembers>;
type Member<Name extends keyof Mirror> = Mirror[Name];
/**
 * A client of one Codex app-server whose methods block until they can return their results. For
 * scripts, build steps, REPLs and plugins that must be synchronous; use `Codex` everywhere else. The
 * client itself runs in a worker thread.
 *
 * Functions in the options, tools and listeners run in the calling thread while it waits in a call;
 * what arrives between two calls is handled during the next one. A client that is not closed doesn't
 * keep the process running, and its server ends with the process.
 */
export declare class CodexSync implements Mirror {
    #private;
    /** Who is logged in, logging in and out, and rate limits. See `Codex.account`. */
    readonly account: Member<"account">;
    /** The server's configuration. See `Codex.config`. */
    readonly config: Member<"config">;
    /** The MCP servers of the configuration. See `Codex.mcp`. */
    readonly mcp: Member<"mcp">;
    /** The skills that the agent can use. See `Codex.skills`. */
    readonly skills: Member<"skills">;
    /** The plugins of the server. See `Codex.plugins`. */
    readonly plugins: Member<"plugins">;
    /** Files on the server's machine. See `Codex.files`. */
    readonly files: Member<"files">;
    /** The server's requests that wait for an answer of this program. See `Codex.requests`. */
    readonly requests: RequestsSync;
    /** Every request of the protocol as a typed function. See `Codex.api`. */
    readonly api: Member<"api">;
    /**
     * Starts the server and completes the handshake (`initialize`).
     * @throws TypeError for an unknown option, an option of the wrong type, or a custom `transport`.
     * @throws LaunchError when the worker thread can't be started, for example in a bundle, or the
     * server can't be found, started or initialized; nothing keeps running then.
     */
    constructor(options?: CodexSyncOptions);
    /** Returns when the server is connected, as it is from the start: waits while the client reconnects. */
    connect(...args: Parameters<Codex["connect"]>): void;
    /** The server's version, platform and home folder, as it reported them. */
    get metadata(): ServerMetadata;
    /** The state of the connection. */
    get status(): CodexStatus;
    /** Calls `listener` with each change of the status, while a call waits. Dispose of the result to stop. */
    onStatus(listener: (status: CodexStatus) => void): Disposable;
    /** Ends the server and every pending call. Returns when the server's processes have exited. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
    /** Creates a thread: `thread/start`. See `Codex.threadStart`. */
    threadStart(...args: Parameters<Codex["threadStart"]>): ThreadSync;
    /** Loads a stored thread to continue it: `thread/resume`. See `Codex.threadResume`. */
    threadResume(...args: Parameters<Codex["threadResume"]>): ThreadSync;
    /** Creates a thread with the history of another: `thread/fork`. See `Codex.threadFork`. */
    threadFork(...args: Parameters<Codex["threadFork"]>): ThreadSync;
    /** Returns one page of the stored threads: `thread/list`. See `Codex.threadList`. */
    threadList(...args: Parameters<Codex["threadList"]>): Result<Codex["threadList"]>;
    /** Iterates over the stored threads that match the options, fetching pages as needed: `thread/list`. */
    threads(...args: Parameters<Codex["threads"]>): Generator<ThreadRecord, undefined>;
    /** Iterates over the stored threads that contain a text: `thread/search`. See `Codex.searchThreads`. */
    searchThreads(...args: Parameters<Codex["searchThreads"]>): Result<Codex["searchThreads"]>;
    /** Iterates over the ids of the threads that the server has in memory: `thread/loaded/list`. */
    loadedThreads(...args: Parameters<Codex["loadedThreads"]>): Generator<string, undefined>;
    /** Deletes a thread with its history: `thread/delete`. */
    threadDelete(...args: Parameters<Codex["threadDelete"]>): void;
    /** Archives a thread, which also unloads it: `thread/archive`. */
    threadArchive(...args: Parameters<Codex["threadArchive"]>): Result<Codex["threadArchive"]>;
    /** Restores an archived thread and loads it to continue it: `thread/unarchive`, `thread/resume`. */
    threadUnarchive(...args: Parameters<Codex["threadUnarchive"]>): ThreadSync;
    /** Returns one page of the models that the server offers: `model/list`. See `Codex.modelList`. */
    modelList(...args: Parameters<Codex["modelList"]>): Result<Codex["modelList"]>;
    /** Returns all models that the server offers: `model/list`. See `Codex.models`. */
    models(...args: Parameters<Codex["models"]>): Result<Codex["models"]>;
    /** Runs a command in the server's sandbox: `command/exec`. See `Codex.exec`. */
    exec(...args: Parameters<Codex["exec"]>): Blocked<ExecCommand>;
    /** Sends any request of the protocol, typed by its method. See `Codex.request`. */
    request<M extends string>(method: M, ...args: RequestArguments<M, RequestOptions>): ResultOf<M>;
    /**
     * Calls `listener` with the params of every notification of this method, on any thread, while a
     * call waits. Dispose of the result to stop.
     */
    on<M extends NotificationMethod>(method: M, listener: (params: NotificationParams[M]) => void): Disposable;
    on(method: string, listener: (params: unknown) => void): Disposable;
    /** Iterates over every notification from now on, on any thread. See `Codex.notifications`. */
    notifications(): BlockingIterator<Notification>;
}
export {};
//# sourceMappingURL=codex-sync.d.ts.map