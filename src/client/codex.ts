import { forCaller } from "../errors/at-caller.ts";
import { CodexError } from "../errors/errors.ts";
import type {
  Model,
  ModelListResponse,
  NotificationParams,
  ThreadArchiveResponse,
  ThreadListResponse,
  Thread as ThreadRecord,
  ThreadSearchResult,
} from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import { Listeners } from "../session/listeners.ts";
import type { Session } from "../session/session.ts";
import type { CodexStatus } from "../session/status.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import { LiveLog } from "../trace/live-log.ts";
import { onAbort } from "../util/abort.ts";
import { Leavable } from "../util/leavable.ts";
import { ownCopy } from "../util/own-copy.ts";
import { type Api, apiOf } from "./api.ts";
import { checkCall, checkedCopy, checkParams, checkThreadId } from "./check-calls.ts";
import { checkOptions } from "./check-options.ts";
import { ExecCommand, type ExecOptions } from "./exec.ts";
import { inspectClient } from "./inspecting.ts";
import { LocalFiles } from "./local-files.ts";
import { Account } from "./namespaces/account.ts";
import { Config } from "./namespaces/config.ts";
import { Files } from "./namespaces/files.ts";
import { Mcp } from "./namespaces/mcp.ts";
import { Plugins } from "./namespaces/plugins.ts";
import { Requests } from "./namespaces/requests.ts";
import { Skills } from "./namespaces/skills.ts";
import type { NotificationIterator, NotificationMethod } from "./notifications.ts";
import { openSession } from "./open-session.ts";
import { ThreadOpener } from "./open-threads.ts";
import { type CodexOptions, warnerOf } from "./options.ts";
import { pages } from "./pages.ts";
import type { ServedAppServer, ServeOptions } from "./serve.ts";
import type { Thread } from "./thread.ts";
import type {
  ModelListOptions,
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadSearchOptions,
  ThreadStartOptions,
} from "./thread-options.ts";
import type { RequestArguments, ResultOf } from "./types.ts";

/** The threads of a client, for the entry points above it. */
export let threadsOf: (codex: Codex) => ThreadOpener;

/** The session behind a client, for the modules that manage clients; not public. */
export let sessionOf: (codex: Codex) => Session;

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
export class Codex implements AsyncDisposable {
  readonly #session: Session;

  static {
    sessionOf = (codex) => codex.#session;
  }

  readonly #statusListeners: Listeners<[status: CodexStatus]>;
  readonly #threads: ThreadOpener;
  /** Who is logged in, logging in and out, and rate limits. */
  readonly account: Account = new Account(this);
  /** The server's configuration. */
  readonly config: Config = new Config(this);
  /** The MCP servers of the configuration. */
  readonly mcp: Mcp = new Mcp(this);
  /** The skills that the agent can use. */
  readonly skills: Skills = new Skills(this);
  /** The server's plugins. */
  readonly plugins: Plugins = new Plugins(this);
  /** Files on the server's machine. */
  readonly files: Files = new Files(this);
  /**
   * The server's requests that are waiting for an answer from this program; see the `approvals`
   * option.
   */
  readonly requests: Requests;
  /**
   * Every request of the protocol as a typed function, named after its method: `thread/goal/set` is
   * `codex.api.thread.goal.set(params, options)`. Does the same as `request`.
   */
  readonly api: Api = apiOf((method, params, options) => {
    checkCall("request", method, options);
    return this.#session.userRequest(method, params, options);
  });

  static {
    threadsOf = (codex) => codex.#threads;
  }

  /** @throws TypeError for an unknown option, or a value of the wrong type. */
  constructor(options: CodexOptions = {}) {
    const own = ownCopy(options);
    checkOptions(own);
    const warn = warnerOf(own);
    this.#statusListeners = new Listeners("the client's status", warn);
    const log = own.inspect ? new LiveLog() : undefined;
    const { session, pending } = openSession(own, {
      warn,
      watch: log?.add,
      onStatus: (status) => this.#statusListeners.tell(status),
    });
    this.#session = session;
    this.requests = new Requests(pending);
    this.#threads = new ThreadOpener(session, new LocalFiles(session, own.cwd));
    const stop = onAbort(own.signal, () => void this.close());
    this.#session.ended.then(stop);
    if (own.inspect && log) void inspectClient({ codex: this, log }, own.inspect, session.warn);
  }

  /** Creates a client and starts its server: `new Codex(options)` and `connect()` in one. */
  static async start(options: CodexOptions = {}): Promise<Codex> {
    const codex = new Codex(options);
    try {
      await codex.connect({ signal: options.signal });
      return codex;
    } catch (error) {
      await codex.close();
      throw error;
    }
  }

  /** Starts a server that several clients can connect to; see `ServeOptions`. */
  static async serve(options: ServeOptions): Promise<ServedAppServer> {
    const own = ownCopy(options);
    const { serve } = await import("./serve.ts");
    return serve(own);
  }

  /**
   * Starts the server and completes the handshake (`initialize`), unless an earlier call has done so.
   * @throws LaunchError if the server can't be found or started, or the handshake fails; the next
   *   call tries again.
   */
  async connect(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    checkCall("connect", "connect", options);
    return this.#session.connect(options.signal);
  }

  /**
   * Name and version of the server, and where it keeps its data.
   * @throws CodexError if the server hasn't been started yet.
   */
  get metadata(): ServerMetadata {
    const { metadata } = this.#session;
    if (metadata) return metadata;
    throw new CodexError("The server has not been started yet: await codex.connect() first");
  }

  /** The state of the connection to the server. */
  get status(): CodexStatus {
    return this.#session.status;
  }

  /** Calls `listener` whenever the status changes. Dispose of the result to stop. */
  onStatus(listener: (status: CodexStatus) => void): Disposable {
    return this.#statusListeners.add(listener);
  }

  /**
   * Resolves when the client has closed: with undefined after `close()`, otherwise with the error
   * that closed it.
   */
  get closed(): Promise<CodexError | undefined> {
    return this.#session.ended;
  }

  /**
   * Rejects all pending calls, stops the server, and resolves when its processes have exited.
   * Idempotent.
   */
  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Starts a thread: `thread/start`.
   * @throws InvalidInputError if `cwd` isn't a directory; TypeError for invalid tools.
   */
  async threadStart(options: ThreadStartOptions = {}): Promise<Thread> {
    const own = checkedCopy("threadStart", "threadStart", options);
    return forCaller(this.threadStart, () => this.#threads.start(own));
  }

  /**
   * Loads a stored thread so that you can continue it: `thread/resume`. Its history is not fetched; read it with
   * `thread.read({ includeTurns: true })`. On a loaded thread, only the sandbox, approvals and `cwd` are changed.
   * @throws ThreadNotFoundError if the thread doesn't exist, or hasn't run a turn; CodexError if the thread can't be
   * restricted to `options`.
   */
  async threadResume(threadId: string, options: ThreadResumeOptions = {}): Promise<Thread> {
    checkThreadId("threadResume", threadId);
    const own = checkedCopy("threadResume", "threadResume", options);
    return forCaller(this.threadResume, () => this.#threads.resume(threadId, own));
  }

  /**
   * Starts a thread with the history of another: `thread/fork`. The fork inherits the tools of that thread, and
   * the settings that this client has set on that thread, unless you pass others.
   */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    checkThreadId("threadFork", threadId);
    const own = checkedCopy("threadFork", "threadFork", options);
    return forCaller(this.threadFork, () => this.#threads.fork(threadId, own));
  }

  /**
   * Returns one page of the stored threads: `thread/list`. Lists only threads from interactive sources, unless
   * `sourceKinds` names others.
   */
  async threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    checkCall("threadList", "threadList", options);
    const { signal, timeoutMs, ...params } = options;
    return this.request("thread/list", jsonParams(params), { signal, timeoutMs });
  }

  /**
   * Iterates over the stored threads that match the options, fetching pages as needed:
   * `thread/list`. Lists only threads from interactive sources, unless `sourceKinds` names others: threads of
   * sub-agents are hidden.
   */
  threads(options: ThreadListOptions = {}): AsyncGenerator<ThreadRecord, undefined> {
    const own = ownCopy(options);
    return new Leavable(() => this.#listThreads(own));
  }

  async *#listThreads(options: ThreadListOptions): AsyncGenerator<ThreadRecord, undefined> {
    checkCall("threadList", "threads", options);
    yield* pages<ThreadRecord>("thread/list", options.cursor, (cursor) =>
      this.threadList({ ...options, cursor: cursor as string | undefined }),
    );
  }

  /** Iterates over the stored threads that contain the text, each with a snippet, fetching pages as needed: `thread/search`. */
  searchThreads(
    text: string,
    options: ThreadSearchOptions = {},
  ): AsyncGenerator<ThreadSearchResult, undefined> {
    checkParams("searchThreads", "thread/search", options, { omitted: ["searchTerm"] });
    const { signal, timeoutMs, cursor, ...params } = ownCopy(options);
    const limits = { signal, timeoutMs };
    return pages("thread/search", cursor, (next) =>
      this.#session.userRequest(
        "thread/search",
        { ...params, searchTerm: text, cursor: next ?? null },
        limits,
      ),
    );
  }

  /** Iterates over the ids of the threads that the server has in memory: `thread/loaded/list`. */
  loadedThreads(limits?: RequestOptions): AsyncGenerator<string, undefined> {
    checkCall("request", "loadedThreads", limits);
    return pages("thread/loaded/list", undefined, (cursor) =>
      this.#session.userRequest("thread/loaded/list", { cursor: cursor ?? null }, limits),
    );
  }

  /** Deletes a thread with its history: `thread/delete`. */
  async threadDelete(threadId: string, options?: RequestOptions): Promise<void> {
    checkThreadId("threadDelete", threadId);
    checkCall("request", "threadDelete", options);
    await this.request("thread/delete", { threadId }, options);
  }

  /** Archives a thread, which unloads it: `thread/archive`. */
  async threadArchive(threadId: string, options?: RequestOptions): Promise<ThreadArchiveResponse> {
    checkThreadId("threadArchive", threadId);
    checkCall("request", "threadArchive", options);
    return this.request("thread/archive", { threadId }, options);
  }

  /** Takes a thread out of the archive and loads it: `thread/unarchive`, `thread/resume`. */
  async threadUnarchive(threadId: string, options: RequestOptions = {}): Promise<Thread> {
    checkThreadId("threadUnarchive", threadId);
    checkCall("request", "threadUnarchive", options);
    await this.request("thread/unarchive", { threadId }, options);
    return this.threadResume(threadId, options);
  }

  /** Returns one page of the models that the server offers: `model/list`. */
  async modelList(options: ModelListOptions = {}): Promise<ModelListResponse> {
    checkCall("modelList", "modelList", options);
    const { signal, timeoutMs, ...params } = options;
    return this.request("model/list", jsonParams(params), { signal, timeoutMs });
  }

  /**
   * Runs a command in the server's sandbox, outside any thread: `command/exec`. It starts
   * immediately; `run()` waits for it to end, and `stream()` yields its output.
   * @throws TypeError if the command isn't a list of a program and its arguments.
   */
  exec(command: readonly string[], options: ExecOptions = {}): ExecCommand {
    return new ExecCommand(this, command, options, this.#session.requestTimeoutMs);
  }

  /**
   * Returns all models that the server offers, fetching pages as needed: `model/list`. Includes
   * hidden models only with `includeHidden`.
   */
  async models(options: ModelListOptions = {}): Promise<Model[]> {
    const own = checkedCopy("modelList", "models", options);
    const models: Model[] = [];
    for await (const model of pages<Model>("model/list", own.cursor, (cursor) =>
      this.modelList({ ...own, cursor: cursor as string | undefined }),
    )) {
      models.push(model);
    }
    return models;
  }

  /**
   * Sends any request of the protocol, typed by its method, including experimental ones. A method
   * that the pinned protocol doesn't have takes any params and returns `unknown`.
   */
  async request<M extends string>(
    method: M,
    ...[params, options]: RequestArguments<M, RequestOptions>
  ): Promise<ResultOf<M>> {
    checkCall("request", "request", options);
    return this.#session.userRequest(method, params, options) as Promise<ResultOf<M>>;
  }

  /**
   * Calls `listener` with the params of every notification of this method, for all threads. Dispose
   * of the result to stop. Methods that the pinned protocol doesn't have work too.
   */
  on<M extends NotificationMethod>(
    method: M,
    listener: (params: NotificationParams[M]) => void,
  ): Disposable;
  on(method: string, listener: (params: unknown) => void): Disposable;
  on(method: string, listener: (params: never) => void): Disposable {
    return this.#session.hub.on(method, listener as (params: unknown) => void);
  }

  /**
   * Yields every notification from the server from now on, for all threads, until the client is
   * closed. Unread notifications are buffered: leave the loop, or call `return()`, when you have
   * seen enough.
   */
  notifications(): NotificationIterator {
    return this.#session.hub.notifications() as NotificationIterator;
  }
}

/** JSON omits undefined members; this removes them from the type too. */
function jsonParams<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return params as { [K in keyof T]: Exclude<T[K], undefined> };
}
