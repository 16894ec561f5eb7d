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
import { Session } from "../session/session.ts";
import type { CodexStatus } from "../session/status.ts";
import { dataOf } from "../thread/data-of.ts";
import { VersionCheck } from "../thread/server-version.ts";
import type { ThreadOpening } from "../thread/thread-profile.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { stdio } from "../transport/stdio.ts";
import { onAbort } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { onCollected } from "../util/on-collected.ts";
import { checkOptions } from "./check-options.ts";
import { LocalFiles } from "./local-files.ts";
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
  readonly #files: LocalFiles;

  /** @throws TypeError on an unknown option, or one of the wrong type. */
  constructor(options: CodexOptions = {}) {
    checkOptions(options);
    const warn = warnerOf(options);
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
        warn,
      }),
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

  /** A client whose server is running: `new Codex(options)` and `connect()` in one. */
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
    await this.#files.checkCwd(params.cwd);
    const asked = { ...params, dynamicTools: dynamicTools.length > 0 ? dynamicTools : undefined };
    const opening = { tools: toolSet, settings: resumable(params) };
    return this.#open("thread/start", jsonParams(asked), { signal, timeoutMs }, opening);
  }

  /**
   * A stored thread, loaded to continue it: `thread/resume`. Its history is not fetched; read it
   * with `thread.read({ includeTurns: true })`.
   * @throws ThreadNotFoundError when there is no such thread, or no turn has run on it yet.
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
    // Known before it is asked for: a request of the server may follow the response at once.
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

  /** A new thread with the history of another: `thread/fork`. It serves the other's tools, or those given. */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    await this.#files.checkCwd(params.cwd);
    const inherited = this.#session.threads.known(threadId)?.tools;
    const opening = { tools: tools ? new ToolSet(tools) : inherited, settings: resumable(params) };
    const asked = jsonParams({ excludeTurns: true, ...params, threadId });
    return this.#open("thread/fork", asked, { signal, timeoutMs }, opening);
  }

  /** One page of the stored threads: `thread/list`. */
  threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    const { signal, timeoutMs, ...params } = options;
    return this.request("thread/list", jsonParams(params), { signal, timeoutMs });
  }

  /** All stored threads that the options select, page by page as the loop goes on: `thread/list`. */
  async *threads(options: ThreadListOptions = {}): AsyncGenerator<ThreadRecord, undefined> {
    const seen = new Set<string>();
    let cursor = options.cursor;
    do {
      const page = await this.threadList({ ...options, cursor });
      yield* dataOf<ThreadRecord>(page, "thread/list");
      cursor = page.nextCursor;
      if (typeof cursor === "string" && seen.has(cursor)) {
        throw new CodexError(`thread/list returned the cursor ${JSON.stringify(cursor)} twice`);
      }
      if (typeof cursor === "string") seen.add(cursor);
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
    return this.#session.userRequest(method, params, options) as Promise<ResultOf<M>>;
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

  /** Sends a request that makes a thread, and gives a handle of it. */
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

/** The thread that a response carries. */
function threadIn(result: unknown): unknown {
  return isRecord(result) ? result.thread : undefined;
}

function idIn(thread: unknown, method: string): string {
  if (isRecord(thread) && typeof thread.id === "string") return thread.id;
  throw new CodexError(`The server's answer to ${method} names no thread: is this an app-server?`);
}

/** The settings to repeat when another process of the server resumes the thread. */
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
