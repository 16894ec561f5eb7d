import { CodexError } from "../errors/errors.ts";
import { ToolSet } from "../input/tool-set.ts";
import type {
  ModelListResponse,
  NotificationParams,
  ThreadArchiveResponse,
  ThreadListResponse,
  Thread as ThreadRecord,
} from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import { Listeners } from "../session/listeners.ts";
import { Responder } from "../session/responder.ts";
import { VersionCheck } from "../session/server-version.ts";
import { type RequestOptions, Session } from "../session/session.ts";
import type { CodexStatus } from "../session/status.ts";
import { stdio } from "../transport/stdio.ts";
import { onAbort } from "../util/abort.ts";
import { checkOptions } from "./check-options.ts";
import type { Notification, NotificationMethod } from "./notifications.ts";
import { type CodexOptions, identity, recoveryPolicy, warnerOf } from "./options.ts";
import { type ServedAppServer, type ServeOptions, serve } from "./serve.ts";
import { Thread } from "./thread.ts";
import type {
  ModelsOptions,
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadStartOptions,
} from "./thread-options.ts";
import type { RequestArguments, ResultOf } from "./types.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_TURN_IDLE_MS = 60_000;
const DEFAULT_RETRY = { maxAttempts: 8 };

/**
 * A client of one Codex app-server. Nothing is started before the first call that needs the server;
 * any number of threads and turns run on it at once. Use `await using`, or `close()` it.
 */
export class Codex implements AsyncDisposable {
  readonly #session: Session;
  readonly #statusListeners: Listeners<[status: CodexStatus]>;
  readonly #tools = new Map<string, ToolSet>();
  readonly #cwd: string | undefined;
  /** How many handles there are of each thread; a thread without any is forgotten. */
  readonly #handles = new Map<string, number>();
  readonly #collected = new FinalizationRegistry((threadId: string) => this.#release(threadId));

  /** @throws TypeError on an unknown option, or one of the wrong type. */
  constructor(options: CodexOptions = {}) {
    checkOptions(options);
    const warn = warnerOf(options);
    this.#cwd = options.cwd;
    this.#statusListeners = new Listeners("the client's status", warn);
    const endpoint = options.transport ?? stdio(options);
    const versionCheck = new VersionCheck(warn);
    this.#session = new Session({
      endpoint,
      recovery: recoveryPolicy(endpoint, options),
      turnIdleMs: options.turnIdleMs ?? DEFAULT_TURN_IDLE_MS,
      modelRetryMs: options.modelRetryMs ?? 0,
      client: identity(options),
      requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      retry: options.retryOnOverload ?? DEFAULT_RETRY,
      responder: new Responder({
        approvals: options.approvals,
        handlers: options.handlers ?? {},
        tools: (threadId) => this.#tools.get(threadId),
        warn,
      }),
      warn,
      onStatus: (status) => {
        this.#statusListeners.tell(status);
        if (status.state === "ready") versionCheck.tell(this.metadata.serverInfo.version);
      },
    });
    const stop = onAbort(options.signal, () => void this.close());
    this.#session.ended.then(stop);
  }

  /** A client whose server is running: `new Codex(options)` and `connect()` in one. */
  static async start(options: CodexOptions = {}): Promise<Codex> {
    const codex = new Codex(options);
    await codex.connect({ signal: options.signal });
    return codex;
  }

  /** Starts a server that any number of clients can connect to; see `ServeOptions`. */
  static serve(options: ServeOptions): Promise<ServedAppServer> {
    return serve(options);
  }

  /**
   * Starts the server and shakes hands (`initialize`), if no call has yet.
   * @throws LaunchError when the server can't be found, started or greeted; the next call tries again.
   */
  connect(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.#session.connect(options.signal);
  }

  /**
   * What the server said of itself.
   * @throws CodexError before the server was started.
   */
  get metadata(): ServerMetadata {
    const { metadata } = this.#session;
    if (metadata) return metadata;
    throw new CodexError("The server has not been started yet: await codex.connect() first");
  }

  /** Where this client stands with its server. */
  get status(): CodexStatus {
    return this.#session.status;
  }

  /** Calls `listener` whenever the status changes. Dispose of what it returns to stop. */
  onStatus(listener: (status: CodexStatus) => void): Disposable {
    return this.#statusListeners.add(listener);
  }

  /** Resolves when the client is over: with undefined after `close()`, else with the error that ended it. */
  get closed(): Promise<CodexError | undefined> {
    return this.#session.ended;
  }

  /** Ends the server and all that waits on it, and resolves when its processes are gone. Idempotent. */
  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A new thread: `thread/start`. */
  async threadStart(options: ThreadStartOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    const toolSet = tools && new ToolSet(tools);
    const dynamicTools = [...(params.dynamicTools ?? []), ...(toolSet?.specs() ?? [])];
    const { thread } = await this.request(
      "thread/start",
      jsonParams({ ...params, dynamicTools: dynamicTools.length > 0 ? dynamicTools : undefined }),
      { signal, timeoutMs },
    );
    return this.#thread(thread.id, toolSet, params);
  }

  /**
   * A stored thread, loaded to go on with: `thread/resume`. Its history is not fetched; read it
   * with `thread.read({ includeTurns: true })`.
   */
  async threadResume(threadId: string, options: ThreadResumeOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    const { failure } = this.#session.channel(threadId);
    // Before the answer: a request or a status that was pending follows it at once.
    const handle = this.#thread(threadId, tools && new ToolSet(tools), params);
    const channel = this.#session.channel(threadId);
    const asked = jsonParams({ excludeTurns: true, ...params, threadId });
    return channel.whileResuming(async () => {
      try {
        const { thread } = await this.request("thread/resume", asked, { signal, timeoutMs });
        channel.acceptStatus(thread.status);
        return handle;
      } catch (error) {
        // Older handles of the thread are as they were.
        if (failure) channel.fail(failure);
        throw error;
      }
    });
  }

  /** A new thread with the history of another: `thread/fork`. It serves the other's tools, or those given. */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    const toolSet = tools ? new ToolSet(tools) : this.#tools.get(threadId);
    const { thread } = await this.request(
      "thread/fork",
      jsonParams({ excludeTurns: true, ...params, threadId }),
      { signal, timeoutMs },
    );
    return this.#thread(thread.id, toolSet, params);
  }

  /** One page of the stored threads: `thread/list`. */
  threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    const { signal, timeoutMs, ...params } = options;
    return this.request("thread/list", jsonParams(params), { signal, timeoutMs });
  }

  /** All stored threads that the options select, page by page as the loop goes on: `thread/list`. */
  async *threads(options: ThreadListOptions = {}): AsyncGenerator<ThreadRecord, undefined> {
    let cursor = options.cursor;
    do {
      const page = await this.threadList({ ...options, cursor });
      yield* page.data;
      cursor = page.nextCursor;
    } while (cursor != null);
  }

  /** Archives a thread, which unloads it: `thread/archive`. */
  threadArchive(threadId: string, options?: RequestOptions): Promise<ThreadArchiveResponse> {
    return this.request("thread/archive", { threadId }, options);
  }

  /** Takes a thread out of the archive and loads it to go on with: `thread/unarchive`, `thread/resume`. */
  async threadUnarchive(threadId: string, options: RequestOptions = {}): Promise<Thread> {
    await this.request("thread/unarchive", { threadId }, options);
    return this.threadResume(threadId, options);
  }

  /** The models that the server offers: `model/list`. */
  models(options: ModelsOptions = {}): Promise<ModelListResponse> {
    const { signal, timeoutMs, ...params } = options;
    return this.request("model/list", jsonParams(params), { signal, timeoutMs });
  }

  /**
   * Any request of the protocol, typed by its method, experimental ones included. A method that the
   * pinned protocol does not have takes any params and gives `unknown`.
   */
  request<M extends string>(
    method: M,
    ...[params, options]: RequestArguments<M, RequestOptions>
  ): Promise<ResultOf<M>> {
    return this.#session.request(method, params, options) as Promise<ResultOf<M>>;
  }

  /**
   * Calls `listener` with the params of every notification of this method, of whatever thread.
   * Dispose of what it returns to stop. Methods that the pinned protocol does not have work too.
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
   * Every notification of the server from now on, of whatever thread. Ends when the client is
   * closed. What is not read is kept: leave the loop, or `return()`, when no more is wanted.
   */
  notifications(): AsyncIterableIterator<Notification, undefined> {
    return this.#session.hub.notifications() as AsyncIterableIterator<Notification, undefined>;
  }

  #thread(threadId: string, tools: ToolSet | undefined, settings: ThreadStartOptions): Thread {
    if (tools) this.#tools.set(threadId, tools);
    this.#session.openThread(threadId).settings = resumable(settings);
    const thread = new Thread(threadId, {
      session: this.#session,
      cwd: this.#cwd,
      fork: (id, options) => this.threadFork(id, options),
    });
    this.#handles.set(threadId, (this.#handles.get(threadId) ?? 0) + 1);
    this.#collected.register(thread, threadId);
    return thread;
  }

  #release(threadId: string): void {
    const left = (this.#handles.get(threadId) ?? 1) - 1;
    this.#handles.set(threadId, left);
    if (left > 0 || !this.#session.releaseThread(threadId)) return;
    this.#handles.delete(threadId);
    this.#tools.delete(threadId);
  }
}

/** What a thread needs to be told again when another process resumes it. */
function resumable(settings: ThreadStartOptions): ThreadResumeOptions {
  const { approvalPolicy, baseInstructions, config, cwd, developerInstructions } = settings;
  const { model, modelProvider, permissions, personality, sandbox } = settings;
  return {
    ...{ approvalPolicy, baseInstructions, config, cwd, developerInstructions },
    ...{ model, modelProvider, permissions, personality, sandbox },
  };
}

/** JSON leaves undefined members out; this takes them out of the type too. */
function jsonParams<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return params as { [K in keyof T]: Exclude<T[K], undefined> };
}
