import { atCaller, callerOf } from "../errors/at-caller.ts";
import { CodexError, OutcomeUnknownError, RequestTimeoutError } from "../errors/errors.ts";
import { isServerBusy, type RetryOptions, retryOnOverload } from "../errors/retry.ts";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import { InboundRequests } from "../rpc/inbound.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { CallLost } from "../rpc/pending.ts";
import type { Endpoint } from "../transport/transport.ts";
import { delay, onAbort } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { messageOf } from "../util/describe.ts";
import type { ClientIdentity, ServerMetadata } from "./handshake.ts";
import { NotificationHub } from "./hub.ts";
import { Link } from "./link.ts";
import { isRepeatable, timeoutOf } from "./methods.ts";
import type { Ask } from "./reconcile.ts";
import { recoverThreads, resubscribe } from "./recovery.ts";
import type { RecoveryPolicy } from "./recovery-policy.ts";
import type { Responder } from "./responder.ts";
import { Router } from "./router.ts";
import type { CodexStatus } from "./status.ts";
import { Strays } from "./strays.ts";
import type { ThreadChannel } from "./thread-channel.ts";
import { trafficLog } from "./trace.ts";
import { Watchdog } from "./watchdog.ts";

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly client: ClientIdentity;
  /** In milliseconds; 0 is none. */
  readonly requestTimeoutMs: number;
  /** How requests that the server was too busy for are sent again; false: they are not. */
  readonly retry: RetryOptions | false;
  /** How a lost connection is made again; undefined: it is not. */
  readonly recovery: RecoveryPolicy | undefined;
  /** How long a turn may be silent before the server is asked about it. In milliseconds; 0: never. */
  readonly turnIdleMs: number;
  /** How long the server may try to reach a turn's model again. In milliseconds; 0 is no limit. */
  readonly modelRetryMs: number;
  readonly responder: Responder;
  readonly warn: Warn;
  readonly onStatus: (status: CodexStatus) => void;
}

export interface RequestOptions {
  /** Stops the wait; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, from the call to the answer; 0 waits for ever. Default: the client's `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

type RetryOnBusy = NonNullable<Parameters<typeof retryOnOverload>[1]>;

/** All that passes between the client's handles and the server, over whatever connection there is. */
export class Session {
  readonly hub: NotificationHub;
  /** Asks on whatever connection there is. */
  readonly ask: Ask = this.#asking((method, params) => this.request(method, params));
  readonly #options: SessionOptions;
  /** Made once: to spread the options would cost each call more than all else that it does here. */
  readonly #retry: RetryOnBusy | false;
  readonly #router: Router;
  readonly #inbound: InboundRequests;
  readonly #link: Link;
  readonly #watchdog: Watchdog;
  readonly #ended: Deferred<CodexError | undefined> = deferred();
  readonly #over = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#retry = options.retry && {
      ...options.retry,
      retryIf: isServerBusy,
      pause: (ms, signal) => this.#pause(ms, signal),
    };
    this.hub = new NotificationHub(options.warn);
    const strays = new Strays(options.warn);
    this.#inbound = new InboundRequests(
      (request, signal) => this.#answer(request, signal),
      (text) => this.#link.send(text),
      { replays: options.endpoint.outlivesTransport },
    );
    this.#router = new Router(this.hub, (id) =>
      this.#inbound.withdraw(id, new CodexError("The server withdrew the request")),
    );
    this.#watchdog = new Watchdog(this, this.#router, options.turnIdleMs);
    this.#link = new Link({
      endpoint: options.endpoint,
      client: options.client,
      handshakeTimeoutMs: options.requestTimeoutMs,
      recovery: options.recovery,
      connection: {
        peek: (text) => this.#router.acceptLine(text),
        notification: (message) => this.#router.accept(message),
        request: (message) => this.#inbound.accept(message),
        stray: (why, text) => strays.add(why, text),
        trace: trafficLog(),
        failed: (what, cause) =>
          options.warn(
            new CodexWarning("LISTENER_FAILED", `${what} threw: ${messageOf(cause)}`, { cause }),
          ),
      },
      recover: (connection) =>
        recoverThreads(
          this.#router.channels,
          this.#asking(async (method, params) => {
            const timeoutMs = timeoutOf(method, options.requestTimeoutMs);
            using limit = deadline(undefined, timeoutMs, lateAnswer(method));
            return await connection.call(method, params, limit);
          }),
        ),
      onStatus: (status) => {
        options.onStatus(status);
        if (status.state === "ready") this.#resubscribeIdle();
        // The ids of a server that was started anew mean other requests.
        if (status.state === "reconnecting" && !this.serverOutlivesConnection) {
          this.#inbound.withdrawAll(status.reason);
        }
      },
      onEnd: (reason, error) => {
        this.#watchdog.stop();
        this.#over.abort(reason);
        this.#inbound.withdrawAll(reason);
        this.#router.failAll(reason);
        this.hub.end(error);
        this.#ended.resolve(error);
      },
    });
  }

  /** Resolves when the session is over: with nothing after `close()`, else with the reason. */
  get ended(): Promise<CodexError | undefined> {
    return this.#ended.promise;
  }

  get metadata(): ServerMetadata | undefined {
    return this.#link.metadata;
  }

  get status(): CodexStatus {
    return this.#link.status;
  }

  /** In milliseconds; 0 is no limit. */
  get modelRetryMs(): number {
    return this.#options.modelRetryMs;
  }

  /** Whether a connection that is lost is made again. */
  get recovers(): boolean {
    return this.#options.recovery !== undefined;
  }

  /** Whether the server goes on when the connection is lost. */
  get serverOutlivesConnection(): boolean {
    return this.#options.endpoint.outlivesTransport;
  }

  channel(threadId: string): ThreadChannel {
    return this.#router.channel(threadId);
  }

  /** Forgets a thread that nobody can name any more, unless it is at work. */
  releaseThread(threadId: string): boolean {
    if (this.#router.known(threadId)?.isAtWork) return false;
    this.#router.forget(threadId);
    return true;
  }

  /** To be called when the server begins to tell of the thread, anew or for the first time. */
  openThread(threadId: string): ThreadChannel {
    return this.#router.open(threadId);
  }

  /** Connects and shakes hands, if that was not done yet. */
  async connect(signal?: AbortSignal): Promise<void> {
    const caller = callerOf(this.connect);
    try {
      await this.#link.connected(signal);
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  /**
   * Sends a request and waits for its answer. One that the server was too busy for is sent again;
   * so is one that a lost connection left unsent, or that does no more when sent twice.
   */
  async request(method: string, params: unknown, options: RequestOptions = {}): Promise<unknown> {
    const caller = callerOf(this.request);
    const { signal, timeoutMs = timeoutOf(method, this.#options.requestTimeoutMs) } = options;
    const retry = this.#retry && signal ? { ...this.#retry, signal } : this.#retry;
    const send = () => this.#call(method, params, { signal, timeoutMs });
    try {
      if (retry === false) return await send();
      return await retryOnOverload(send, retry);
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  /** Ends the connection and all that waits on it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#link.close();
    return this.#closing;
  }

  async #call(method: string, params: unknown, options: RequestOptions): Promise<unknown> {
    for (;;) {
      const connection = await this.#link.connected(options.signal);
      try {
        using limit = deadline(options.signal, options.timeoutMs, lateAnswer(method));
        return await connection.call(method, params, limit);
      } catch (error) {
        if (!(error instanceof CallLost)) throw error;
        if (this.#link.endReason || !this.#options.recovery) {
          throw this.#link.endReason ?? error.reason;
        }
        if (error.sent && !isRepeatable(method))
          throw new OutcomeUnknownError(method, error.reason);
      }
    }
  }

  #asking(request: (method: string, params: object) => Promise<unknown>): Ask {
    return Object.assign(request, { pause: (ms: number) => this.#pause(ms) });
  }

  /** Waits, but not beyond the end of the session. */
  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    const either = new AbortController();
    const stops = [signal, this.#over.signal].map((one) =>
      onAbort(one, () => either.abort(one?.reason)),
    );
    try {
      await delay(ms, either.signal);
    } finally {
      for (const stop of stops) stop();
    }
  }

  async #answer(request: ServerRequest, signal: AbortSignal): Promise<unknown> {
    const { threadId, turnId, itemId } = (request.params ?? {}) as Record<
      string,
      string | undefined
    >;
    const channel = threadId === undefined ? undefined : this.#router.known(threadId);
    const record = turnId == null ? undefined : channel?.record(turnId);
    record?.ended.then(
      () =>
        this.#inbound.withdrawOnly(request, new CodexError("The turn of the request has ended")),
      // Here only: on the server the turn goes on, and an answer that never comes would block it.
      (reason) => this.#inbound.cancel(request, reason),
    );
    const item = itemId === undefined ? undefined : record?.item(itemId);
    return this.#options.responder.answer(request, { method: request.method, item, signal });
  }

  /** Threads that were idle come after those at work, one by one, and in nobody's way. */
  async #resubscribeIdle(): Promise<void> {
    for (const channel of [...this.#router.channels]) {
      if (channel.subscribed || channel.failed || channel.isAtWork) continue;
      // One that can't be resumed says so when it is used.
      await resubscribe(channel, this.ask).catch(() => {});
    }
  }
}

function lateAnswer(method: string): (ms: number) => RequestTimeoutError {
  return (ms) => new RequestTimeoutError(method, ms);
}
