import { CodexError } from "../errors/errors.cjs";
import type { Model, ModelListResponse, NotificationParams, ThreadArchiveResponse, ThreadListResponse, Thread as ThreadRecord, ThreadSearchResult } from "../protocol/index.cjs";
import type { ServerMetadata } from "../session/handshake.cjs";
import type { CodexStatus } from "../session/status.cjs";
import type { RequestOptions } from "../thread/thread-server.cjs";
import { type Api } from "./api.cjs";
import { ExecCommand, type ExecOptions } from "./exec.cjs";
import { Account } from "./namespaces/account.cjs";
import { Config } from "./namespaces/config.cjs";
import { Files } from "./namespaces/files.cjs";
import { Mcp } from "./namespaces/mcp.cjs";
import { Plugins } from "./namespaces/plugins.cjs";
import { Requests } from "./namespaces/requests.cjs";
import { Skills } from "./namespaces/skills.cjs";
import type { NotificationIterator, NotificationMethod } from "./notifications.cjs";
import { type CodexOptions } from "./options.cjs";
import { type ServedAppServer, type ServeOptions } from "./serve.cjs";
import type { Thread } from "./thread.cjs";
import type { ModelListOptions, ThreadForkOptions, ThreadListOptions, ThreadResumeOptions, ThreadSearchOptions, ThreadStartOptions } from "./thread-options.cjs";
import type { RequestArguments, ResultOf } from "./types.cjs";
/**
 * A client of one Codex app-server. The first call that needs the server starts it; any number of
 * threads and turns can run at once. Use `await using`, or call `close()`.
 *
 * @example
 * const codex = new Codex({ approvals: "decline" });
 * const thread = await codex.threadStart();
 * console.log((await thread.run("Say hello.")).throwIfFailed().text);
 * await codex.close();
 */
export declare class Codex implements AsyncDisposable {
    #private;
    /** Who is logged in, logging in and out, and rate limits. */
    readonly account: Account;
    /** The server's configuration. */
    readonly config: Config;
    /** The MCP servers of the configuration. */
    readonly mcp: Mcp;
    /** The skills that the agent can use. */
    readonly skills: Skills;
    /** The plugins of the server. */
    readonly plugins: Plugins;
    /** Files on the server's machine. */
    readonly files: Files;
    /** The server's requests that wait for an answer of this program; see the option `approvals`. */
    readonly requests: Requests;
    /**
     * Every request of the protocol as a typed function, named as its method: `thread/goal/set` is
     * `codex.api.thread.goal.set(params, options)`. The same as `request`.
     */
    readonly api: Api;
    /** @throws TypeError for an unknown option, or one of the wrong type. */
    constructor(options?: CodexOptions);
    /** Creates a client and starts its server: `new Codex(options)` and `connect()` in one. */
    static start(options?: CodexOptions): Promise<Codex>;
    /** Starts a server that several clients can connect to; see `ServeOptions`. */
    static serve(options: ServeOptions): Promise<ServedAppServer>;
    /**
     * Starts the server and completes the handshake (`initialize`), unless an earlier call did.
     * @throws LaunchError if the server can't be found or started, or the handshake fails; the next
     *   call tries again.
     */
    connect(options?: {
        readonly signal?: AbortSignal | undefined;
    }): Promise<void>;
    /**
     * Name and version of the server, and where it keeps its data.
     * @throws CodexError before the server was started.
     */
    get metadata(): ServerMetadata;
    /** The state of the connection to the server. */
    get status(): CodexStatus;
    /** Calls `listener` whenever the status changes. Dispose of the result to stop. */
    onStatus(listener: (status: CodexStatus) => void): Disposable;
    /** Resolves when the client has ended: with undefined after `close()`, otherwise with the error that ended it. */
    get closed(): Promise<CodexError | undefined>;
    /** Rejects all pending calls, ends the server, and resolves when its processes are gone. Idempotent. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    /**
     * Starts a thread: `thread/start`.
     * @throws InvalidInputError if `cwd` isn't a directory; TypeError for invalid tools.
     */
    threadStart(options?: ThreadStartOptions): Promise<Thread>;
    /**
     * Loads a stored thread to continue it: `thread/resume`. Its history is not fetched; read it with
     * `thread.read({ includeTurns: true })`.
     * @throws ThreadNotFoundError if the thread doesn't exist, or hasn't run a turn yet.
     */
    threadResume(threadId: string, options?: ThreadResumeOptions): Promise<Thread>;
    /** Starts a thread with the history of another: `thread/fork`. It has the other's tools, unless others are given. */
    threadFork(threadId: string, options?: ThreadForkOptions): Promise<Thread>;
    /** Returns one page of the stored threads: `thread/list`. Only interactive sources, unless `sourceKinds` names others. */
    threadList(options?: ThreadListOptions): Promise<ThreadListResponse>;
    /**
     * Iterates over the stored threads that the options select, fetching pages as needed:
     * `thread/list`. Only interactive sources, unless `sourceKinds` names others: those of sub-agents
     * are hidden.
     */
    threads(options?: ThreadListOptions): AsyncGenerator<ThreadRecord, undefined>;
    /**
     * Iterates over the stored threads that contain a text, each with a snippet of it, fetching pages
     * as needed: `thread/search`.
     */
    searchThreads(text: string, options?: ThreadSearchOptions): AsyncGenerator<ThreadSearchResult, undefined>;
    /** Iterates over the ids of the threads that the server has in memory: `thread/loaded/list`. */
    loadedThreads(limits?: RequestOptions): AsyncGenerator<string, undefined>;
    /** Deletes a thread with its history: `thread/delete`. */
    threadDelete(threadId: string, options?: RequestOptions): Promise<void>;
    /** Archives a thread, which unloads it: `thread/archive`. */
    threadArchive(threadId: string, options?: RequestOptions): Promise<ThreadArchiveResponse>;
    /** Takes a thread out of the archive and loads it: `thread/unarchive`, `thread/resume`. */
    threadUnarchive(threadId: string, options?: RequestOptions): Promise<Thread>;
    /** Returns one page of the models that the server offers: `model/list`. */
    modelList(options?: ModelListOptions): Promise<ModelListResponse>;
    /**
     * Runs a command in the server's sandbox, outside any thread: `command/exec`. It starts at once;
     * `run()` waits for its end, `stream()` yields its output.
     * @throws TypeError if the command isn't a list of a program and its arguments.
     */
    exec(command: readonly string[], options?: ExecOptions): ExecCommand;
    /**
     * Returns all models that the server offers, fetching pages as needed: `model/list`. Hidden models
     * only with `includeHidden`.
     */
    models(options?: ModelListOptions): Promise<Model[]>;
    /**
     * Sends any request of the protocol, typed by its method, including experimental ones. A method
     * that the pinned protocol doesn't have takes any params and returns `unknown`.
     */
    request<M extends string>(method: M, ...[params, options]: RequestArguments<M, RequestOptions>): Promise<ResultOf<M>>;
    /**
     * Calls `listener` with the params of every notification of this method, for all threads. Dispose
     * of the result to stop. Methods that the pinned protocol doesn't have work too.
     */
    on<M extends NotificationMethod>(method: M, listener: (params: NotificationParams[M]) => void): Disposable;
    on(method: string, listener: (params: unknown) => void): Disposable;
    /**
     * Yields every notification of the server from now on, for all threads, until the client is
     * closed. Unread notifications are buffered: leave the loop, or call `return()`, when you have
     * seen enough.
     */
    notifications(): NotificationIterator;
}
//# sourceMappingURL=codex.d.ts.map