import { CodexError } from "../errors/errors.ts";
import { ToolSet } from "../input/tool-set.ts";
import type {
  ModelListResponse,
  NotificationParams,
  ThreadArchiveResponse,
  ThreadListResponse,
  Thread as ThreadRecord,
  ThreadSearchResult,
} from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import { Listeners } from "../session/listeners.ts";
import { PendingRequests } from "../session/pending-requests.ts";
import { Responder } from "../session/responder.ts";
import { Session } from "../session/session.ts";
import type { CodexStatus } from "../session/status.ts";
import { VersionCheck } from "../thread/server-version.ts";
import type { ThreadOpening } from "../thread/thread-profile.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { stdio } from "../transport/stdio.ts";
import { onAbort } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { onCollected } from "../util/on-collected.ts";
import { type Api, apiOf } from "./api.ts";
import { checkOptions } from "./check-options.ts";
import { EPHEMERAL_STORE, handlersOf, loginOf } from "./credentials.ts";
import { ExecCommand, type ExecOptions } from "./exec.ts";
import { LocalFiles } from "./local-files.ts";
import { Account } from "./namespaces/account.ts";
import { Config } from "./namespaces/config.ts";
import { Files } from "./namespaces/files.ts";
import { Mcp } from "./namespaces/mcp.ts";
import { allPages } from "./namespaces/pages.ts";
import { Plugins } from "./namespaces/plugins.ts";
import { Requests } from "./namespaces/requests.ts";
import { Skills } from "./namespaces/skills.ts";
import type { Notification, NotificationMethod } from "./notifications.ts";
import { type CodexOptions, identity, recoveryPolicy, warnerOf } from "./options.ts";
import { type ServedAppServer, type ServeOptions, serve } from "./serve.ts";
import { Thread } from "./thread.ts";
import type {
  ModelsOptions,
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadSearchOptions,
  ThreadStartOptions,
} from "./thread-options.ts";
import type { RequestArguments, ResultOf } from "./types.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_TURN_IDLE_MS = 60_000;
const DEFAULT_RETRY = { maxAttempts: 8 };

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
  readonly #statusListeners: Listeners<[status: CodexStatus]>;
  readonly #files: LocalFiles;
  /** Who is logged in, logging in and out, and rate limits. */
  readonly account: Account = new Account(this);
  /** The server's configuration. */
  readonly config: Config = new Config(this);
  /** The MCP servers of the configuration. */
  readonly mcp: Mcp = new Mcp(this);
  /** The skills that the agent can use. */
  readonly skills: Skills = new Skills(this);
  /** The plugins of the server. */
  readonly plugins: Plugins = new Plugins(this);
  /** Files on the server's machine. */
  readonly files: Files = new Files(this);
  /** The server's requests that wait for an answer of this program; see the option `approvals`. */
  readonly requests: Requests;
  /**
   * Every request of the protocol as a typed function, named as its method: `thread/goal/set` is
   * `codex.api.thread.goal.set(params, options)`. The same as `request`.
   */
  readonly api: Api = apiOf((method, params, options) =>
    this.#session.userRequest(method, params, options),
  );

  /** @throws TypeError for an unknown option, or one of the wrong type. */
  constructor(options: CodexOptions = {}) {
    checkOptions(options);
    const warn = warnerOf(options);
    this.#statusListeners = new Listeners("the client's status", warn);
    const logIn = loginOf(options);
    const config = logIn ? { ...options.config, ...EPHEMERAL_STORE } : options.config;
    const endpoint = options.transport ?? stdio({ ...options, config });
    const pending = new PendingRequests(warn);
    this.requests = new Requests(pending);
    const versionCheck = new VersionCheck(warn);
    this.#session = new Session({
      endpoint,
      recovery: recoveryPolicy(endpoint, options),
      turnIdleMs: options.turnIdleMs ?? DEFAULT_TURN_IDLE_MS,
      modelRetryMs: options.modelRetryMs ?? 0,
      client: identity(options),
      requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      logIn,
      retry: options.retryOnOverload ?? DEFAULT_RETRY,
      responder: new Responder({
        approvals: options.approvals,
        handlers: handlersOf(options),
        pending,
        warn,
      }),
      pending,
      warn,
      onStatus: (status) => {
        this.#statusListeners.tell(status);
        if (status.state === "ready") versionCheck.tell(this.metadata.serverInfo.version);
      },
    });
    this.#files = new LocalFiles(this.#session, options.cwd);
    const stop = onAbort(options.signal, () => void this.close());
    this.#session.ended.then(stop);
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
  static serve(options: ServeOptions): Promise<ServedAppServer> {
    return serve(options);
  }

  /**
   * Starts the server and completes the handshake (`initialize`), unless an earlier call did.
   * @throws LaunchError if the server can't be found or started, or the handshake fails; the next
   *   call tries again.
   */
  connect(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.#session.connect(options.signal);
  }

  /**
   * Name and version of the server, and where it keeps its data.
   * @throws CodexError before the server was started.
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

  /** Resolves when the client has ended: with undefined after `close()`, otherwise with the error that ended it. */
  get closed(): Promise<CodexError | undefined> {
    return this.#session.ended;
  }

  /** Rejects all pending calls, ends the server, and resolves when its processes are gone. Idempotent. */
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
    const { tools, signal, timeoutMs, ...params } = options;
    const toolSet = tools && new ToolSet(tools);
    const dynamicTools = [...(params.dynamicTools ?? []), ...(toolSet?.specs() ?? [])];
    await this.#files.checkCwd(params.cwd);
    const asked = { ...params, dynamicTools: dynamicTools.length > 0 ? dynamicTools : undefined };
    const opening = { tools: toolSet, settings: resumable(params) };
    return this.#open("thread/start", jsonParams(asked), { signal, timeoutMs }, opening);
  }

  /**
   * Loads a stored thread to continue it: `thread/resume`. Its history is not fetched; read it with
   * `thread.read({ includeTurns: true })`.
   * @throws ThreadNotFoundError if the thread doesn't exist, or hasn't run a turn yet.
   */
  async threadResume(threadId: string, options: ThreadResumeOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    // Until the caller has given up: the answer may never come.
    let wanted: ThreadOpening | undefined = {
      tools: tools && new ToolSet(tools),
      settings: resumable(params),
    };
    const asked = jsonParams({ excludeTurns: true, ...params, threadId });
    await this.#files.checkCwd(params.cwd);
    // Registered before the request is sent: a server request may follow the response at once.
    const state = this.#session.threads.open(threadId);
    state.retain();
    try {
      await state.starts.whileAsking(() =>
        this.#session.userRequest("thread/resume", asked, {
          signal,
          timeoutMs,
          onResult: (result) => state.opened(threadIn(result), wanted),
        }),
      );
      return this.#handle(state);
    } finally {
      wanted = undefined;
      state.release();
    }
  }

  /** Starts a thread with the history of another: `thread/fork`. It has the other's tools, unless others are given. */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    await this.#files.checkCwd(params.cwd);
    const inherited = this.#session.threads.known(threadId)?.tools;
    const opening = { tools: tools ? new ToolSet(tools) : inherited, settings: resumable(params) };
    const asked = jsonParams({ excludeTurns: true, ...params, threadId });
    return this.#open("thread/fork", asked, { signal, timeoutMs }, opening);
  }

  /** Returns one page of the stored threads: `thread/list`. Only interactive sources, unless `sourceKinds` names others. */
  threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    const { signal, timeoutMs, ...params } = options;
    return this.request("thread/list", jsonParams(params), { signal, timeoutMs });
  }

  /**
   * Iterates over the stored threads that the options select, fetching pages as needed:
   * `thread/list`. Only interactive sources, unless `sourceKinds` names others: those of sub-agents
   * are hidden.
   */
  async *threads(options: ThreadListOptions = {}): AsyncGenerator<ThreadRecord, undefined> {
    return yield* allPages<ThreadRecord>("thread/list", options.cursor, (cursor) =>
      this.threadList({ ...options, cursor: cursor as string | undefined }),
    );
  }

  /**
   * Iterates over the stored threads that contain a text, each with a snippet of it, fetching pages
   * as needed: `thread/search`.
   */
  searchThreads(
    text: string,
    { signal, timeoutMs, cursor, ...params }: ThreadSearchOptions = {},
  ): AsyncGenerator<ThreadSearchResult, undefined> {
    const limits = { signal, timeoutMs };
    return allPages("thread/search", cursor, (next) =>
      this.#session.userRequest(
        "thread/search",
        { ...params, searchTerm: text, cursor: next ?? null },
        limits,
      ),
    );
  }

  /** Iterates over the ids of the threads that the server has in memory: `thread/loaded/list`. */
  loadedThreads(limits?: RequestOptions): AsyncGenerator<string, undefined> {
    return allPages("thread/loaded/list", undefined, (cursor) =>
      this.#session.userRequest("thread/loaded/list", { cursor: cursor ?? null }, limits),
    );
  }

  /** Deletes a thread with its history: `thread/delete`. */
  async threadDelete(threadId: string, options?: RequestOptions): Promise<void> {
    await this.request("thread/delete", { threadId }, options);
  }

  /** Archives a thread, which unloads it: `thread/archive`. */
  threadArchive(threadId: string, options?: RequestOptions): Promise<ThreadArchiveResponse> {
    return this.request("thread/archive", { threadId }, options);
  }

  /** Takes a thread out of the archive and loads it: `thread/unarchive`, `thread/resume`. */
  async threadUnarchive(threadId: string, options: RequestOptions = {}): Promise<Thread> {
    await this.request("thread/unarchive", { threadId }, options);
    return this.threadResume(threadId, options);
  }

  /** Returns one page of the models that the server offers: `model/list`. */
  models(options: ModelsOptions = {}): Promise<ModelListResponse> {
    const { signal, timeoutMs, ...params } = options;
    return this.request("model/list", jsonParams(params), { signal, timeoutMs });
  }

  /**
   * Runs a command in the server's sandbox, outside any thread: `command/exec`. It starts at once;
   * `run()` waits for its end, `stream()` yields its output.
   * @throws TypeError if the command isn't a list of a program and its arguments.
   */
  exec(command: readonly string[], options: ExecOptions = {}): ExecCommand {
    return new ExecCommand(this, command, options);
  }

  /**
   * Sends any request of the protocol, typed by its method, including experimental ones. A method
   * that the pinned protocol doesn't have takes any params and returns `unknown`.
   */
  request<M extends string>(
    method: M,
    ...[params, options]: RequestArguments<M, RequestOptions>
  ): Promise<ResultOf<M>> {
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
   * Yields every notification of the server from now on, for all threads, until the client is
   * closed. Unread notifications are buffered: leave the loop, or call `return()`, when you have
   * seen enough.
   */
  notifications(): AsyncIterableIterator<Notification, undefined> {
    return this.#session.hub.notifications() as AsyncIterableIterator<Notification, undefined>;
  }

  /** Sends a request that creates a thread, and returns a handle for it. */
  async #open(
    method: "thread/start" | "thread/fork",
    params: object,
    options: RequestOptions,
    opening: ThreadOpening,
  ): Promise<Thread> {
    let handle: Thread | undefined;
    // Until the caller has given up: the answer may never come.
    let wanted: ThreadOpening | undefined = opening;
    const onResult = (result: unknown) => {
      if (wanted === undefined) return;
      const thread = threadIn(result);
      const state = this.#session.threads.open(idIn(thread, method));
      handle = this.#handle(state);
      state.opened(thread, wanted);
    };
    try {
      await this.#session.userRequest(method, params, { ...options, onResult });
    } finally {
      wanted = undefined;
    }
    if (handle === undefined) throw new CodexError(`${method} was answered without a result`);
    return handle;
  }

  #handle(state: ThreadState): Thread {
    const thread = new Thread(state.id, {
      session: this.#session,
      state,
      files: this.#files,
      fork: (id, options) => this.threadFork(id, options),
    });
    state.retain();
    onCollected(thread, state, release);
    return thread;
  }
}

function release(state: ThreadState): void {
  state.release();
}

/** The thread in a response. */
function threadIn(result: unknown): unknown {
  return isRecord(result) ? result.thread : undefined;
}

function idIn(thread: unknown, method: string): string {
  if (isRecord(thread) && typeof thread.id === "string") return thread.id;
  throw new CodexError(`The server's answer to ${method} names no thread: is this an app-server?`);
}

/** The settings to repeat when a restarted server resumes the thread. */
function resumable(settings: ThreadStartOptions): ThreadResumeOptions {
  const { approvalPolicy, baseInstructions, config, cwd, developerInstructions } = settings;
  const { model, modelProvider, permissions, personality, sandbox } = settings;
  return {
    ...{ approvalPolicy, baseInstructions, config, cwd, developerInstructions },
    ...{ model, modelProvider, permissions, personality, sandbox },
  };
}

/** JSON omits undefined members; this removes them from the type too. */
function jsonParams<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return params as { [K in keyof T]: Exclude<T[K], undefined> };
}
