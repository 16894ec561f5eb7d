import { checkOptions } from "../client/check-options.ts";
import type { Codex } from "../client/codex.ts";
import type { Notification, NotificationMethod } from "../client/notifications.ts";
import { type CodexOptions, warnerOf } from "../client/options.ts";
import type { RequestArguments, ResultOf } from "../client/types.ts";
import type { CodexWarning, Warn } from "../errors/warning.ts";
import type { NotificationParams, Thread as ThreadRecord } from "../protocol/index.ts";
import type { ServerMetadata } from "../session/handshake.ts";
import { Listeners } from "../session/listeners.ts";
import type { CodexStatus } from "../session/status.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { Blocking, Result } from "./blocking.ts";
import { Bridge } from "./bridge.ts";
import { iterate, remoteIterator } from "./iterate.ts";
import type { leftOut } from "./left-out.ts";
import { CODEX } from "./messages.ts";
import type { CodexSyncOptions } from "./options.ts";
import { Remote } from "./remote.ts";
import { revive } from "./revive.ts";
import type { ThreadSync } from "./thread-sync.ts";
import type { TurnSync } from "./turn-sync.ts";

/**
 * A client of one Codex app-server whose calls block: each puts the thread to sleep until its result
 * is there. For scripts, build steps, REPLs and plugins that must be synchronous; everywhere else
 * `Codex` does the same and more. The client itself runs in a worker thread.
 *
 * Functions among the options, tools and listeners are run in the calling thread, while it waits in
 * a call; what comes between two calls is kept for the next. A client that is not closed keeps
 * neither the process running nor, after its end, the server.
 */
export class CodexSync
  implements Blocking<Codex, { thread: ThreadSync; turn: TurnSync<unknown> }, keyof typeof leftOut>
{
  readonly #bridge: Bridge;
  readonly #remote: Remote;
  readonly #warn: Warn;
  #metadata: ServerMetadata;

  /**
   * Starts the server and shakes hands (`initialize`).
   * @throws TypeError on an unknown option, one of the wrong type, or a `transport` of your own making.
   * @throws LaunchError when the server can't be found, started or greeted; nothing is left behind then.
   */
  constructor(options: CodexSyncOptions = {}) {
    checkOptions(options as CodexOptions);
    const warn = warnerOf(options);
    this.#warn = (warning) => tell(warn, warning);
    this.#bridge = new Bridge((object) => revive(object, this.#bridge));
    this.#remote = new Remote(this.#bridge, CODEX);
    try {
      const packed = this.#bridge.pack({ ...options, onWarning: this.#warn });
      this.#bridge.request(CodexSync as never, { kind: "open", options: packed });
      this.#metadata = this.#remote.get("metadata") as ServerMetadata;
    } catch (error) {
      this.#bridge.end("The client could not be started");
      throw error;
    }
  }

  /** Does nothing when the server runs, as it does from the start; waits for it while it is reached anew. */
  connect(...args: Parameters<Codex["connect"]>): void {
    this.#remote.call(this.connect, "connect", args);
  }

  /** What the server said of itself. */
  get metadata(): ServerMetadata {
    if (!this.#bridge.ended) {
      this.#metadata = this.#remote.get("metadata") as ServerMetadata;
    }
    return this.#metadata;
  }

  /** Where this client stands with its server. */
  get status(): CodexStatus {
    if (this.#bridge.ended) return { state: "closed", reason: this.#bridge.death };
    return this.#remote.get("status") as CodexStatus;
  }

  /** Calls `listener`, while a call waits, with each change of the status. Dispose of what it returns to stop. */
  onStatus(listener: (status: CodexStatus) => void): Disposable {
    return this.#listen(this.onStatus, "onStatus", [], "the client's status", listener);
  }

  /** Ends the server and all that waits on it, and returns when its processes are gone. Idempotent. */
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

  /** A new thread: `thread/start`. */
  threadStart(...args: Parameters<Codex["threadStart"]>): ThreadSync {
    return this.#remote.call(this.threadStart, "threadStart", args) as ThreadSync;
  }

  /** A stored thread, loaded to go on with: `thread/resume`. See `Codex.threadResume`. */
  threadResume(...args: Parameters<Codex["threadResume"]>): ThreadSync {
    return this.#remote.call(this.threadResume, "threadResume", args) as ThreadSync;
  }

  /** A new thread with the history of another: `thread/fork`. See `Codex.threadFork`. */
  threadFork(...args: Parameters<Codex["threadFork"]>): ThreadSync {
    return this.#remote.call(this.threadFork, "threadFork", args) as ThreadSync;
  }

  /** One page of the stored threads: `thread/list`. */
  threadList(...args: Parameters<Codex["threadList"]>): Result<Codex["threadList"]> {
    const page = this.#remote.call(this.threadList, "threadList", args);
    return page as Result<Codex["threadList"]>;
  }

  /** All stored threads that the options select, page by page as the loop goes on: `thread/list`. */
  threads(...args: Parameters<Codex["threads"]>): Generator<ThreadRecord, undefined> {
    return iterate((entry) => this.#remote.call(entry, "threads", args));
  }

  /** Archives a thread, which unloads it: `thread/archive`. */
  threadArchive(...args: Parameters<Codex["threadArchive"]>): Result<Codex["threadArchive"]> {
    const answer = this.#remote.call(this.threadArchive, "threadArchive", args);
    return answer as Result<Codex["threadArchive"]>;
  }

  /** Takes a thread out of the archive and loads it to go on with: `thread/unarchive`, `thread/resume`. */
  threadUnarchive(...args: Parameters<Codex["threadUnarchive"]>): ThreadSync {
    return this.#remote.call(this.threadUnarchive, "threadUnarchive", args) as ThreadSync;
  }

  /** The models that the server offers: `model/list`. */
  models(...args: Parameters<Codex["models"]>): Result<Codex["models"]> {
    return this.#remote.call(this.models, "models", args) as Result<Codex["models"]>;
  }

  /** Any request of the protocol, typed by its method. See `Codex.request`. */
  request<M extends string>(method: M, ...args: RequestArguments<M, RequestOptions>): ResultOf<M> {
    return this.#remote.call(this.request, "request", [method, ...args]) as ResultOf<M>;
  }

  /**
   * Calls `listener`, while a call waits, with the params of every notification of this method, of
   * whatever thread. Dispose of what it returns to stop.
   */
  on<M extends NotificationMethod>(
    method: M,
    listener: (params: NotificationParams[M]) => void,
  ): Disposable;
  on(method: string, listener: (params: unknown) => void): Disposable;
  on(method: string, listener: (params: never) => void): Disposable {
    return this.#listen(this.on, "on", [method], method, listener);
  }

  /** Every notification of the server from now on, of whatever thread. See `Codex.notifications`. */
  notifications(): IterableIterator<Notification, undefined> {
    return remoteIterator(this.#remote.call(this.notifications, "notifications") as Remote);
  }

  #listen(
    entry: (...args: never[]) => unknown,
    member: string,
    args: readonly unknown[],
    what: string,
    listener: (value: never) => void,
  ): Disposable {
    const listeners = new Listeners<[value: never]>(what, this.#warn);
    const listening = listeners.add(listener);
    const told = (value: never): void => listeners.tell(value);
    const remote = this.#remote.call(entry, member, [...args, told]) as Remote;
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        remote.release();
      },
    };
  }
}

/** What `onWarning` throws stops no call: it is thrown when the thread is free. */
function tell(warn: Warn, warning: CodexWarning): void {
  try {
    warn(warning);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
