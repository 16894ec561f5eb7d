import { atCaller, callerOf } from "../errors/at-caller.ts";
import { CodexError, LaunchError, TransportClosedError } from "../errors/errors.ts";
import { isServerBusy, type RetryOptions, retryOnOverload } from "../errors/retry.ts";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import { Connection } from "../rpc/connection.ts";
import { InboundRequests } from "../rpc/inbound.ts";
import type { RequestId, ServerRequest } from "../rpc/messages.ts";
import type { Endpoint } from "../transport/transport.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import {
  type ClientIdentity,
  initializeParams,
  readMetadata,
  type ServerMetadata,
} from "./handshake.ts";
import { NotificationHub } from "./hub.ts";
import { Launch } from "./launch.ts";
import type { Responder } from "./responder.ts";
import { Router } from "./router.ts";
import type { ThreadChannel } from "./thread-channel.ts";
import { timeoutOf } from "./timeouts.ts";
import { trafficLog } from "./trace.ts";

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly client: ClientIdentity;
  /** In milliseconds; 0 is none. */
  readonly requestTimeoutMs: number;
  /** How requests that the server was too busy for are sent again; false: they are not. */
  readonly retry: RetryOptions | false;
  readonly responder: Responder;
  readonly warn: Warn;
}

export interface RequestOptions {
  /** Stops the wait; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, from the call to the answer; 0 waits for ever. Default: the client's `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** A connection that has shaken hands, made when it is first needed. */
export class Session {
  readonly hub: NotificationHub;
  readonly #options: SessionOptions;
  readonly #router: Router;
  readonly #inbound: InboundRequests;
  readonly #trace = trafficLog();
  readonly #launch = new Launch((signal) => this.#open(signal));
  readonly #ended: Deferred<CodexError | undefined> = deferred();
  #connection: Connection | undefined;
  #metadata: ServerMetadata | undefined;
  #closeReason: TransportClosedError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.hub = new NotificationHub(options.warn);
    this.#inbound = new InboundRequests(
      (request, signal) => this.#answer(request, signal),
      (text) => this.#connection?.send(text),
    );
    this.#router = new Router(this.hub, (id) =>
      this.#withdraw(id, "The server withdrew the request"),
    );
  }

  /** Resolves when the session is over: with nothing after `close()`, else with the reason. */
  get ended(): Promise<CodexError | undefined> {
    return this.#ended.promise;
  }

  get metadata(): ServerMetadata | undefined {
    return this.#metadata;
  }

  channel(threadId: string): ThreadChannel {
    return this.#router.channel(threadId);
  }

  /** To be called when the server begins to tell of the thread, anew or for the first time. */
  openThread(threadId: string): ThreadChannel {
    return this.#router.open(threadId);
  }

  /** Connects and shakes hands, if that was not done yet. */
  async connect(signal?: AbortSignal): Promise<void> {
    const caller = callerOf(this.connect);
    try {
      await this.#connected(signal);
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  async request(method: string, params: unknown, options: RequestOptions = {}): Promise<unknown> {
    const caller = callerOf(this.request);
    const { signal, timeoutMs = timeoutOf(method, this.#options.requestTimeoutMs) } = options;
    const send = async () =>
      (await this.#connected(signal)).call(method, params, { signal, timeoutMs });
    const { retry } = this.#options;
    try {
      if (retry === false) return await send();
      return await retryOnOverload(send, { ...retry, signal, retryIf: isServerBusy });
    } catch (error) {
      throw atCaller(error, caller);
    }
  }

  /** Ends the connection and all that waits on it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    const reason = new TransportClosedError("The client was closed");
    this.#end(reason, undefined);
    await this.#launch.cancel(reason);
    await this.#connection?.close(reason);
  }

  async #connected(signal: AbortSignal | undefined): Promise<Connection> {
    signal?.throwIfAborted();
    if (this.#closeReason) throw this.#closeReason;
    return this.#connection ?? this.#launch.join(signal);
  }

  /** Opens a transport and shakes hands on it. Leaves nothing behind when it fails or is aborted. */
  async #open(signal: AbortSignal): Promise<Connection> {
    const { endpoint, client, requestTimeoutMs } = this.#options;
    const transport = await endpoint.connect(signal);
    const connection = new Connection(transport, {
      peek: () => false,
      notification: (message) => this.#router.accept(message),
      request: (message) => this.#inbound.accept(message),
      stray: (why, text) => this.#stray(why, text),
      trace: this.#trace,
    });
    try {
      const answer = await connection.call("initialize", initializeParams(client), {
        signal,
        timeoutMs: requestTimeoutMs,
      });
      this.#metadata = readMetadata(answer);
    } catch (error) {
      await connection.close(new TransportClosedError("The handshake failed", { cause: error }));
      throw signal.aborted ? signal.reason : handshakeError(endpoint.name, error);
    }
    connection.notify("initialized");
    this.#connection = connection;
    connection.closed.then((reason) => this.#end(reason, reason));
    return connection;
  }

  #end(reason: TransportClosedError, told: CodexError | undefined): void {
    if (this.#closeReason) return;
    this.#closeReason = reason;
    this.#inbound.withdrawAll(reason);
    this.#router.failAll(reason);
    this.hub.end(told);
    this.#ended.resolve(told);
  }

  async #answer(request: ServerRequest, signal: AbortSignal): Promise<unknown> {
    const { threadId, turnId, itemId } = (request.params ?? {}) as Record<
      string,
      string | undefined
    >;
    const channel = threadId === undefined ? undefined : this.#router.known(threadId);
    const record = turnId == null ? undefined : channel?.record(turnId);
    const turnOver = () => this.#withdraw(request.id, "The turn of the request has ended");
    record?.ended.then(turnOver, turnOver);
    const item = itemId === undefined ? undefined : record?.item(itemId);
    return this.#options.responder.answer(request, { method: request.method, item, signal });
  }

  #withdraw(id: RequestId, why: string): void {
    this.#inbound.withdraw(id, new CodexError(why));
  }

  #stray(why: string, text: string): void {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    this.#options.warn(
      new CodexWarning("STRAY_MESSAGE", `A message was passed over, ${why}: ${shown}`),
    );
  }
}

function handshakeError(name: string, error: unknown): unknown {
  if (error instanceof LaunchError) return error;
  const stderr = error instanceof TransportClosedError ? error.stderr : [];
  const message = error instanceof Error ? error.message : String(error);
  return new LaunchError(`The handshake with the app-server (${name}) failed: ${message}`, {
    stderr,
    cause: error,
  });
}
