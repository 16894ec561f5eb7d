import { atCaller, callerOf } from "../errors/at-caller.ts";
import {
  type CodexError,
  OutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors/errors.ts";
import { isServerBusy, type RetryOptions, repeatWhile } from "../errors/retry.ts";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import type { Connection } from "../rpc/connection.ts";
import type { Notification } from "../rpc/messages.ts";
import { CallLost } from "../rpc/pending.ts";
import { requestForThread } from "../thread/raw-requests.ts";
import { ThreadRegistry } from "../thread/thread-registry.ts";
import type { CurrentConnection, SendOptions, ThreadServer } from "../thread/thread-server.ts";
import type { Endpoint } from "../transport/transport.ts";
import { checkSignal, delay, either } from "../util/abort.ts";
import { backoffDelay } from "../util/backoff.ts";
import { deadline } from "../util/deadline.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { messageOf } from "../util/describe.ts";
import { ownCopy } from "../util/own-copy.ts";
import { PathLookups } from "../util/path-lookups.ts";
import { ActiveThreads } from "./active-threads.ts";
import type { ClientIdentity, ServerMetadata } from "./handshake.ts";
import { NotificationHub } from "./hub.ts";
import { refuseIgnored } from "./ignored-members.ts";
import { ManagedConnection } from "./managed-connection.ts";
import { bringsUpToDate, isRepeatable, timeoutOf } from "./methods.ts";
import { OneConnection } from "./one-connection.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { RecoveryPolicy } from "./recovery-policy.ts";
import type { Responder } from "./responder.ts";
import { ServerRequests } from "./server-requests.ts";
import type { ServerUse } from "./server-use.ts";
import { ServerWarnings } from "./server-warnings.ts";
import type { CodexStatus } from "./status.ts";
import { Strays } from "./strays.ts";
import { type Recorder, traceConnection, traceStatus, trafficLog } from "./trace.ts";
import { Work } from "./work.ts";

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly client: ClientIdentity;
  /** In milliseconds; 0 means no limit. */
  readonly requestTimeoutMs: number;
  /**
   * How to retry requests that the server refused because it was busy; false if they aren't
   * retried.
   */
  readonly retry: RetryOptions | false;
  /**
   * Creates the params of `account/login/start`, which is sent at the start of each connection. Undefined if the
   * client doesn't log in.
   */
  readonly logIn?: (() => Promise<object>) | undefined;
  /** How to re-establish a lost connection; undefined if it isn't re-established. */
  readonly recovery: RecoveryPolicy | undefined;
  /**
   * How long a turn can be silent before the client asks the server about it. In milliseconds; 0:
   * it never asks.
   */
  readonly turnIdleMs: number;
  /** How long the server can keep trying to reach a turn's model. In milliseconds; 0 means no limit. */
  readonly modelRetryMs: number;
  /** If false, the connection keeps the program alive only while there is work. */
  readonly keepAlive: boolean;
  readonly responder: Responder;
  /** The requests that wait for the user's answer. */
  readonly pending: PendingRequests;
  /** The recorder of the trace, if there is one. */
  readonly recorder?: Recorder | undefined;
  readonly warn: Warn;
  readonly onStatus: (status: CodexStatus) => void;
}

/** Longer than any working file system takes. */
const LOOK_UP_MS = 5_000;
/** After this many lost connections, a request isn't sent again. */
const MAX_LOSSES = 5;
const RESEND_BACKOFF = { initialDelayMs: 100, maxDelayMs: 5_000, jitterRatio: 0.2 };

/** Everything between the client's handles and the server, across connections. */
export class Session implements ThreadServer {
  readonly hub: NotificationHub;
  readonly threads: ThreadRegistry;
  readonly busyRetry: RetryOptions | false;
  readonly requestTimeoutMs: number;
  readonly modelRetryMs: number;
  readonly turnIdleMs: number;
  /** Requests and turns in progress. */
  readonly work: Work = new Work((busy) => this.#keepAlive(busy));
  readonly lookups: PathLookups = new PathLookups(LOOK_UP_MS);
  readonly #options: SessionOptions;
  readonly #link: ManagedConnection;
  readonly #requests: ServerRequests;
  readonly #serverWarnings: ServerWarnings;
  readonly #ended: Deferred<CodexError | undefined> = deferred();
  readonly #over = new AbortController();
  readonly #activeThreads = new ActiveThreads();
  #pid: number | undefined;
  #present: OneConnection | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    const { endpoint, warn } = options;
    this.#options = options;
    this.busyRetry = options.retry;
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.modelRetryMs = options.modelRetryMs;
    this.turnIdleMs = options.turnIdleMs;
    this.hub = new NotificationHub(warn);
    const trace = trafficLog(options.recorder);
    this.threads = new ThreadRegistry(this, {
      onLine: trace.delta,
      wants: (method) => this.hub.wants(method),
      onDropped: (threadId) => this.#requests.forgetThread(threadId),
    });
    this.#requests = new ServerRequests({
      threads: this.threads,
      responder: options.responder,
      pending: options.pending,
      sharesFiles: this.sharesFiles,
      lookups: this.lookups,
      replays: endpoint.outlivesTransport,
      send: (text) => this.#link.current?.send(text),
    });
    this.#serverWarnings = new ServerWarnings(warn);
    const strays = new Strays(warn);
    this.#link = new ManagedConnection({
      endpoint,
      client: options.client,
      handshakeTimeoutMs: options.requestTimeoutMs,
      logIn: options.logIn,
      recovery: options.recovery,
      connection: {
        peek: (text) => this.threads.acceptLine(text),
        notification: (message) => this.#accept(message),
        request: (message) => this.#requests.accept(message),
        stray: (why, text) => strays.add(why, text),
        trace: trace.message,
        failed: (what, cause) => {
          const message = `Failed to handle a server message: ${what} threw: ${messageOf(cause)}`;
          warn(new CodexWarning("STRAY_MESSAGE", message, { cause }));
        },
      },
      onDialled: (transport, closed) => {
        this.#pid = transport.pid;
        if (options.recorder) traceConnection(options.recorder, transport, closed, this.#link);
      },
      onReady: (connection, isFirst) => this.#ready(connection, isFirst),
      onStatus: (status) => {
        if (options.recorder) traceStatus(options.recorder, status);
        options.onStatus(status);
        if (status.state !== "reconnecting") return;
        this.#activeThreads.clear();
        this.#requests.connectionLost(status.reason);
      },
      onEnd: (reason, error) => this.#end(reason, error),
    });
  }

  /** Resolves when the session has ended: with undefined after `close()`, otherwise with the reason. */
  get ended(): Promise<CodexError | undefined> {
    return this.#ended.promise;
  }

  get metadata(): ServerMetadata | undefined {
    return this.#link.metadata;
  }

  get status(): CodexStatus {
    return this.#link.status;
  }

  get pending(): PendingRequests {
    return this.#options.pending;
  }

  /** The server's process, if this client has started it. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** What the server is currently in use for. */
  get use(): ServerUse {
    const { pending } = this.#options;
    return {
      work: this.work.count,
      activeThreads: new Set([...this.#activeThreads.ids, ...this.threads.atWork()]).size,
      pendingRequests: pending.size,
      subscriptions: this.hub.subscriptions + this.threads.subscriptions + pending.subscriptions,
    };
  }

  /** When the last thread became idle, by `performance.now()`. */
  get lastTurnAt(): number {
    return this.#activeThreads.lastEndAt;
  }

  get warn(): Warn {
    return this.#options.warn;
  }

  get version(): string {
    return this.#link.metadata?.serverInfo.version ?? "";
  }

  get recovers(): boolean {
    return this.#options.recovery !== undefined;
  }

  get outlivesConnection(): boolean {
    return this.#options.endpoint.outlivesTransport;
  }

  /** Whether the server sees the files of this machine. */
  get sharesFiles(): boolean {
    return this.#options.endpoint.sharesFiles ?? true;
  }

  /** Connects and completes the handshake, unless that has been done. */
  async connect(signal?: AbortSignal): Promise<void> {
    const caller = callerOf(this.connect);
    try {
      checkSignal(signal);
      await this.#link.connected(signal);
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  connection(): CurrentConnection | undefined {
    const present = this.#present;
    return present?.isLost ? undefined : present;
  }

  /**
   * Sends a request from the user. One that starts a turn waits until its thread is free. The
   * response is applied to the state of its thread.
   */
  async userRequest(method: string, params: unknown, options: SendOptions = {}): Promise<unknown> {
    const caller = callerOf(this.userRequest);
    try {
      return await requestForThread(this.threads, method, ownCopy(params), options);
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  /**
   * Sends a request and waits for its answer. The request is sent again if the server was too busy,
   * and after a lost connection if it hadn't been sent or is safe to retry.
   */
  async request(method: string, params: unknown, options: SendOptions = {}): Promise<unknown> {
    using _ = this.work.begin();
    const { timeoutMs = timeoutOf(method, this.requestTimeoutMs) } = options;
    using limit = deadline(options.signal, timeoutMs, (ms) => this.timeUp(method, ms));
    const { signal } = limit;
    const { retry = true } = options;
    if (!retry || this.busyRetry === false) {
      return await this.#call(method, params, { ...options, signal }, options.unsent);
    }
    let isRetry = false;
    const send = () => {
      const unsent = isRetry ? this.#retrySignal : undefined;
      isRetry = true;
      return this.#call(method, params, { ...options, signal }, unsent);
    };
    return await repeatWhile(isServerBusy, send, {
      ...this.busyRetry,
      signal,
      pause: async (ms) => {
        using stop = either(signal, this.#retrySignal);
        await this.pause(ms, stop.signal);
      },
    });
  }

  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    using stop = either(signal, this.#over.signal);
    await delay(ms, stop.signal);
  }

  /** The signal of the `retryOnOverload` option, which stops every wait between two attempts of a call. */
  get #retrySignal(): AbortSignal | undefined {
    return this.busyRetry === false ? undefined : this.busyRetry.signal;
  }

  restartServer(reason: CodexError): boolean {
    if (this.outlivesConnection || !this.recovers) return false;
    void this.#link.drop(new TransportClosedError(reason.message, { cause: reason }));
    return true;
  }

  /** Ends the connection, and rejects all waiting calls with this message. Idempotent. */
  close(why?: string): Promise<void> {
    this.#closing ??= this.#link.close(why).finally(() => this.#endTrace());
    return this.#closing;
  }

  /** Sends a request on the current connection. `unsent` stops the wait, but only while the request hasn't been sent. */
  async #call(
    method: string,
    params: unknown,
    options: SendOptions,
    unsent?: AbortSignal,
  ): Promise<unknown> {
    const { signal, onResult, onSent, urgent } = options;
    using both = unsent && either(signal, unsent);
    const early = both ? both.signal : signal;
    for (let losses = 0; ; ) {
      const connection = await this.#link.connected(early);
      refuseIgnored(method, params, this.version);
      try {
        const call = { signal, unsent, onResult, onSent, urgent };
        const result = await connection.call(method, params, call);
        if (!bringsUpToDate(method)) this.#link.madeProgress();
        return result;
      } catch (error) {
        if (!(error instanceof CallLost)) throw error;
        if (this.#link.endReason || !this.recovers) throw this.#link.endReason ?? error.reason;
        if (!error.sent) continue;
        if (!isRepeatable(method) || ++losses >= MAX_LOSSES) {
          throw new OutcomeUnknownError(method, error.reason);
        }
        // The request itself may be the reason why the connection ends.
        if (losses > 1) await this.pause(backoffDelay(losses - 1, RESEND_BACKOFF), signal);
      }
    }
  }

  timeUp(method: string, ms: number): RequestTimeoutError {
    const { status } = this.#link;
    if (status.state === "ready") return new RequestTimeoutError(method, ms);
    const why = status.state === "reconnecting" ? ` (${status.reason.message})` : "";
    const late = `got no response within ${ms} ms: there was no connection to the app-server`;
    return new RequestTimeoutError(method, ms, `${method} ${late}${why}`);
  }

  #ready(connection: Connection, isFirst: boolean): void {
    const present = new OneConnection(connection, {
      timeoutMs: this.requestTimeoutMs,
      pause: (ms) => this.pause(ms),
    });
    this.#present = present;
    this.#keepAlive(this.work.isBusy);
    if (isFirst) return;
    this.threads.connectionReplaced(present);
    this.#requests.connectionReplaced();
  }

  #keepAlive(on: boolean): void {
    if (!this.#options.keepAlive) this.#link.current?.keepAlive(on);
  }

  #accept(notification: Notification): void {
    try {
      if (notification.method === "serverRequest/resolved") this.#requests.resolved(notification);
      this.#activeThreads.accept(notification);
      this.threads.accept(notification);
      this.#requests.acknowledge(notification);
      const isOurDoing = notification.method === "deprecationNotice" && this.#present?.isHydrating;
      if (!isOurDoing) this.#serverWarnings.see(notification);
    } finally {
      this.hub.publish(notification);
    }
  }

  async #endTrace(): Promise<void> {
    await this.#options.recorder?.[Symbol.asyncDispose]();
  }

  #end(reason: TransportClosedError, error: CodexError | undefined): void {
    this.#over.abort(reason);
    this.#requests.withdrawAll(reason);
    this.threads.end(reason);
    this.hub.end(error);
    this.#options.pending.end(error);
    if (error) void this.#endTrace();
    this.#ended.resolve(error);
  }
}
