import { checkOptions } from "../client/check-options.ts";
import type { Codex } from "../client/codex.ts";
import type { ExecCommand } from "../client/exec.ts";
import type { Notification, NotificationMethod } from "../client/notifications.ts";
import { type CodexOptions, warnerOf } from "../client/options.ts";
import type { RequestArguments, ResultOf } from "../client/types.ts";
import type { CodexWarning, Warn } from "../errors/warning.ts";
import type { NotificationParams, Thread as ThreadRecord } from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import type { CodexStatus } from "../session/status.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { Blocked, Blocking, BlockingIterator, Result } from "./blocking.ts";
import { blockingFunctions, blockingObject } from "./blocking-object.ts";
import { Bridge } from "./bridge.ts";
import { CODEX } from "./messages.ts";
import type { omittedMembers } from "./omitted-members.ts";
import type { CodexSyncOptions } from "./options.ts";
import { proxyOf } from "./proxies.ts";
import { iterate, RemoteIterator } from "./remote-iterator.ts";
import { RemoteObject } from "./remote-object.ts";
import { type PendingRequestSync, RequestsSync } from "./requests-sync.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { ThreadSync } from "./thread-sync.ts";
import type { TurnSync } from "./turn-sync.ts";
import { WorkerThread, workerModuleUrl } from "./worker-thread.ts";

type Mirror = Blocking<
  Codex,
  {
    thread: ThreadSync;
    turn: TurnSync<unknown>;
    requests: RequestsSync;
    request: PendingRequestSync;
  },
  keyof typeof omittedMembers
>;
type Member<Name extends keyof Mirror> = Mirror[Name];

/**
 * A client of one Codex app-server whose methods block until they can return their results. For
 * scripts, build steps, REPLs and plugins that must be synchronous; use `Codex` everywhere else. The
 * client itself runs in a worker thread.
 *
 * Functions in the options, tools and listeners run in the calling thread while it waits in a call.
 * Messages that arrive between two calls are handled during the next one. A client that isn't
 * closed doesn't keep the process running, and its server ends with the process.
 */
export class CodexSync implements Mirror {
  readonly #bridge: Bridge;
  readonly #remote: RemoteObject;
  readonly #subscriptions: Subscriptions;
  #metadata: ServerMetadata;
  /** Who is logged in, logging in and out, and rate limits. See `Codex.account`. */
  readonly account: Member<"account">;
  /** The server's configuration. See `Codex.config`. */
  readonly config: Member<"config">;
  /** The MCP servers of the configuration. See `Codex.mcp`. */
  readonly mcp: Member<"mcp">;
  /** The skills that the agent can use. See `Codex.skills`. */
  readonly skills: Member<"skills">;
  /** The server's plugins. See `Codex.plugins`. */
  readonly plugins: Member<"plugins">;
  /** Files on the server's machine. See `Codex.files`. */
  readonly files: Member<"files">;
  /**
   * The server's requests that are waiting for an answer from this program. See `Codex.requests`.
   */
  readonly requests: RequestsSync;
  /** Every request of the protocol as a typed function. See `Codex.api`. */
  readonly api: Member<"api">;

  /**
   * Starts the server and completes the handshake (`initialize`).
   * @throws TypeError for an unknown option, an option of the wrong type, or a custom `transport`.
   * @throws LaunchError when the worker thread can't be started, for example in a bundle, or the
   * server can't be found, started or initialized. In that case nothing keeps running.
   */
  constructor(options: CodexSyncOptions = {}) {
    checkOptions(options as CodexOptions);
    const warn = warnerOf(options);
    const onWarning: Warn = (warning) => warnSafely(warn, warning);
    this.#subscriptions = new Subscriptions(onWarning);
    this.#bridge = new Bridge(new WorkerThread(workerModuleUrl), proxyOf);
    this.#remote = new RemoteObject(this.#bridge, CODEX);
    this.account = this.#member("account");
    this.config = this.#member("config");
    this.mcp = this.#member("mcp");
    this.skills = this.#member("skills");
    this.plugins = this.#member("plugins");
    this.files = this.#member("files");
    this.requests = new RequestsSync(this.#remote, this.#subscriptions);
    this.api = blockingFunctions(this.#remote, "api") as Member<"api">;
    try {
      this.#bridge.open(CodexSync as never, { ...options, onWarning });
      this.#metadata = this.#remote.get("metadata") as ServerMetadata;
    } catch (error) {
      this.#bridge.end("The client couldn't be started");
      throw error;
    }
  }

  /** Waits while the client reconnects, and returns when the server is connected. */
  connect(...args: Parameters<Codex["connect"]>): void {
    this.#remote.call(this.connect, "connect", args);
  }

  /** The server's version, platform and home folder, as it reported them. */
  get metadata(): ServerMetadata {
    if (!this.#bridge.ended) {
      this.#metadata = this.#remote.get("metadata") as ServerMetadata;
    }
    return this.#metadata;
  }

  /** The state of the connection. */
  get status(): CodexStatus {
    if (this.#bridge.ended) return { state: "closed", reason: this.#bridge.failure };
    return this.#remote.get("status") as CodexStatus;
  }

  /** Calls `listener` for status changes, but only during a blocking call. Dispose of the result to stop. */
  onStatus(listener: (status: CodexStatus) => void): Disposable {
    const remote = this.#remote;
    const what = "the client's status";
    return this.#subscriptions.listen(
      { remote, entry: this.onStatus, member: "onStatus", args: [], what },
      listener,
    );
  }

  /**
   * Stops the server and ends every pending call. Returns when the server's processes have exited.
   * Idempotent.
   */
  close(): void {
    if (this.#bridge.ended) return;
    try {
      this.#remote.call(this.close, "close");
    } finally {
      this.#bridge.end("The client was closed");
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Creates a thread: `thread/start`. See `Codex.threadStart`. */
  threadStart(...args: Parameters<Codex["threadStart"]>): ThreadSync {
    return this.#remote.call(this.threadStart, "threadStart", args) as ThreadSync;
  }

  /** Loads a stored thread so that you can continue it: `thread/resume`. See `Codex.threadResume`. */
  threadResume(...args: Parameters<Codex["threadResume"]>): ThreadSync {
    return this.#remote.call(this.threadResume, "threadResume", args) as ThreadSync;
  }

  /** Creates a thread with the history of another: `thread/fork`. See `Codex.threadFork`. */
  threadFork(...args: Parameters<Codex["threadFork"]>): ThreadSync {
    return this.#remote.call(this.threadFork, "threadFork", args) as ThreadSync;
  }

  /** Returns one page of the stored threads: `thread/list`. See `Codex.threadList`. */
  threadList(...args: Parameters<Codex["threadList"]>): Result<Codex["threadList"]> {
    const page = this.#remote.call(this.threadList, "threadList", args);
    return page as Result<Codex["threadList"]>;
  }

  /** Iterates over the stored threads that match the options, fetching pages as needed: `thread/list`. */
  threads(...args: Parameters<Codex["threads"]>): Generator<ThreadRecord, undefined> {
    return iterate((entry) => this.#remote.call(entry, "threads", args));
  }

  /**
   * Iterates over the stored threads that contain the text: `thread/search`. See
   * `Codex.searchThreads`.
   */
  searchThreads(...args: Parameters<Codex["searchThreads"]>): Result<Codex["searchThreads"]> {
    return iterate((entry) => this.#remote.call(entry, "searchThreads", args));
  }

  /** Iterates over the ids of the threads that the server has in memory: `thread/loaded/list`. */
  loadedThreads(...args: Parameters<Codex["loadedThreads"]>): Generator<string, undefined> {
    return iterate((entry) => this.#remote.call(entry, "loadedThreads", args));
  }

  /** Deletes a thread with its history: `thread/delete`. */
  threadDelete(...args: Parameters<Codex["threadDelete"]>): void {
    this.#remote.call(this.threadDelete, "threadDelete", args);
  }

  /** Archives a thread, which also unloads it: `thread/archive`. */
  threadArchive(...args: Parameters<Codex["threadArchive"]>): Result<Codex["threadArchive"]> {
    const answer = this.#remote.call(this.threadArchive, "threadArchive", args);
    return answer as Result<Codex["threadArchive"]>;
  }

  /** Restores an archived thread and loads it so that you can continue it: `thread/unarchive`, `thread/resume`. */
  threadUnarchive(...args: Parameters<Codex["threadUnarchive"]>): ThreadSync {
    return this.#remote.call(this.threadUnarchive, "threadUnarchive", args) as ThreadSync;
  }

  /** Returns one page of the models that the server offers: `model/list`. See `Codex.modelList`. */
  modelList(...args: Parameters<Codex["modelList"]>): Result<Codex["modelList"]> {
    return this.#remote.call(this.modelList, "modelList", args) as Result<Codex["modelList"]>;
  }

  /** Returns all models that the server offers: `model/list`. See `Codex.models`. */
  models(...args: Parameters<Codex["models"]>): Result<Codex["models"]> {
    return this.#remote.call(this.models, "models", args) as Result<Codex["models"]>;
  }

  /** Runs a command in the server's sandbox: `command/exec`. See `Codex.exec`. */
  exec(...args: Parameters<Codex["exec"]>): Blocked<ExecCommand> {
    return this.#remote.call(this.exec, "exec", args) as Blocked<ExecCommand>;
  }

  /** Sends any request of the protocol, typed by its method. See `Codex.request`. */
  request<M extends string>(method: M, ...args: RequestArguments<M, RequestOptions>): ResultOf<M> {
    return this.#remote.call(this.request, "request", [method, ...args]) as ResultOf<M>;
  }

  /**
   * Calls `listener` with the params of every notification of this method, for all threads, but only
   * during a blocking call. Dispose of the result to stop.
   */
  on<M extends NotificationMethod>(
    method: M,
    listener: (params: NotificationParams[M]) => void,
  ): Disposable;
  on(method: string, listener: (params: unknown) => void): Disposable;
  on(method: string, listener: (params: never) => void): Disposable {
    const remote = this.#remote;
    return this.#subscriptions.listen<[params: never]>(
      { remote, entry: this.on, member: "on", args: [method], what: method },
      listener,
    );
  }

  /** Iterates over every notification from now on, for all threads. See `Codex.notifications`. */
  notifications(): BlockingIterator<Notification> {
    const remote = this.#remote.call(this.notifications, "notifications") as RemoteObject;
    return new RemoteIterator<Notification>(remote, {
      isClosed: () => this.#bridge.ended && !this.#bridge.failure,
    });
  }

  /** A namespace of the client. If its listeners throw, a warning is reported. */
  #member<Name extends keyof Mirror>(name: Name): Mirror[Name] {
    const guard = (what: string, listener: (value: never) => void) =>
      this.#subscriptions.guarded(what, listener).notify;
    return blockingObject(this.#remote, {}, { path: `${String(name)}.`, guard }) as Mirror[Name];
  }
}

/** Calls `onWarning`. An error in it doesn't fail the call, but is thrown after the call, as an uncaught exception. */
function warnSafely(warn: Warn, warning: CodexWarning): void {
  try {
    warn(warning);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
