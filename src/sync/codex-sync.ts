import { checkOptions } from "../client/check-options.ts";
import type { Codex } from "../client/codex.ts";
import type { Notification, NotificationMethod } from "../client/notifications.ts";
import { type CodexOptions, warnerOf } from "../client/options.ts";
import type { RequestArguments, ResultOf } from "../client/types.ts";
import type { CodexWarning, Warn } from "../errors/warning.ts";
import type { NotificationParams, Thread as ThreadRecord } from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import type { CodexStatus } from "../session/status.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { Blocking, BlockingIterator, Result } from "./blocking.ts";
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

/**
 * A client of one Codex app-server whose methods block until they can return their results. For
 * scripts, build steps, REPLs and plugins that must be synchronous; use `Codex` everywhere else. The
 * client itself runs in a worker thread.
 *
 * Functions in the options, tools and listeners run in the calling thread while it waits in a call;
 * what arrives between two calls is handled during the next one. A client that is not closed doesn't
 * keep the process running, and its server ends with the process.
 */
export class CodexSync
  implements
    Blocking<
      Codex,
      {
        thread: ThreadSync;
        turn: TurnSync<unknown>;
        requests: RequestsSync;
        request: PendingRequestSync;
      },
      keyof typeof omittedMembers
    >
{
  readonly #bridge: Bridge;
  readonly #remote: RemoteObject;
  readonly #subscriptions: Subscriptions;
  #requests: RequestsSync | undefined;
  #metadata: ServerMetadata;

  /**
   * Starts the server and completes the handshake (`initialize`).
   * @throws TypeError for an unknown option, an option of the wrong type, or a custom `transport`.
   * @throws LaunchError when the worker thread can't be started, for example in a bundle, or the
   * server can't be found, started or initialized; nothing keeps running then.
   */
  constructor(options: CodexSyncOptions = {}) {
    checkOptions(options as CodexOptions);
    const warn = warnerOf(options);
    const onWarning: Warn = (warning) => warnSafely(warn, warning);
    this.#subscriptions = new Subscriptions(onWarning);
    this.#bridge = new Bridge(new WorkerThread(workerModuleUrl), proxyOf);
    this.#remote = new RemoteObject(this.#bridge, CODEX);
    try {
      this.#bridge.open(CodexSync as never, { ...options, onWarning });
      this.#metadata = this.#remote.get("metadata") as ServerMetadata;
    } catch (error) {
      this.#bridge.end("The client could not be started");
      throw error;
    }
  }

  /** Returns when the server is connected, as it is from the start: waits while the client reconnects. */
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

  /** Calls `listener` with each change of the status, while a call waits. Dispose of the result to stop. */
  onStatus(listener: (status: CodexStatus) => void): Disposable {
    const remote = this.#remote;
    const what = "the client's status";
    return this.#subscriptions.listen(
      { remote, entry: this.onStatus, member: "onStatus", args: [], what },
      listener,
    );
  }

  /** Ends the server and every pending call. Returns when the server's processes have exited. Idempotent. */
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

  /** Loads a stored thread to continue it: `thread/resume`. See `Codex.threadResume`. */
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

  /** Archives a thread, which also unloads it: `thread/archive`. */
  threadArchive(...args: Parameters<Codex["threadArchive"]>): Result<Codex["threadArchive"]> {
    const answer = this.#remote.call(this.threadArchive, "threadArchive", args);
    return answer as Result<Codex["threadArchive"]>;
  }

  /** Restores an archived thread and loads it to continue it: `thread/unarchive`, `thread/resume`. */
  threadUnarchive(...args: Parameters<Codex["threadUnarchive"]>): ThreadSync {
    return this.#remote.call(this.threadUnarchive, "threadUnarchive", args) as ThreadSync;
  }

  /** Returns the models that the server offers: `model/list`. See `Codex.models`. */
  models(...args: Parameters<Codex["models"]>): Result<Codex["models"]> {
    return this.#remote.call(this.models, "models", args) as Result<Codex["models"]>;
  }

  /** Sends any request of the protocol, typed by its method. See `Codex.request`. */
  request<M extends string>(method: M, ...args: RequestArguments<M, RequestOptions>): ResultOf<M> {
    return this.#remote.call(this.request, "request", [method, ...args]) as ResultOf<M>;
  }

  /** The server's requests that wait for an answer of this program; see the option `approvals`. */
  get requests(): RequestsSync {
    this.#requests ??= new RequestsSync(
      this.#remote.get("requests") as RemoteObject,
      this.#subscriptions,
    );
    return this.#requests;
  }

  /**
   * Calls `listener` with the params of every notification of this method, on any thread, while a
   * call waits. Dispose of the result to stop.
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

  /** Iterates over every notification from now on, on any thread. See `Codex.notifications`. */
  notifications(): BlockingIterator<Notification> {
    const remote = this.#remote.call(this.notifications, "notifications") as RemoteObject;
    return new RemoteIterator<Notification>(remote, {
      isClosed: () => this.#bridge.ended && !this.#bridge.failure,
    });
  }
}

/** An error of `onWarning` fails no call: it is thrown when the thread is free. */
function warnSafely(warn: Warn, warning: CodexWarning): void {
  try {
    warn(warning);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
