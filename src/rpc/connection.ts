import type { TransportClosedError } from "../errors/errors.ts";
import type { Transport } from "../transport/transport.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { classify, encode, type Notification, type ServerRequest } from "./messages.ts";
import { type CallOptions, PendingCalls } from "./pending.ts";

/** What a connection hands up. What one of these throws is reported to `failed`, and stops nothing. */
export interface ConnectionEvents {
  /** First look at a message's text: true when it was taken and needs no parsing. */
  peek(text: string): boolean;
  notification(message: Notification, text: string): void;
  request(message: ServerRequest): void;
  /** A message that fits nowhere; the connection lives on. */
  stray(why: string, text: string): void;
  /** Every message, as it crosses. */
  trace(direction: "send" | "receive", text: string): void;
  /** `what` threw `cause`. */
  failed(what: string, cause: unknown): void;
}

export interface ConnectionOptions {
  /**
   * A cheap request that the server answers at once. It is sent when nothing else shows how far the
   * server has read; default none.
   */
  readonly probe?: { readonly method: string; readonly params: unknown } | undefined;
}

/** JSON-RPC over one transport: calls with their answers, notifications, the server's requests. */
export class Connection {
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #calls: PendingCalls;
  readonly #closed: Deferred<TransportClosedError> = deferred();
  #reason: TransportClosedError | undefined;

  constructor(transport: Transport, events: ConnectionEvents, _options: ConnectionOptions = {}) {
    this.#transport = transport;
    this.#events = events;
    this.#calls = new PendingCalls((text) => this.send(text));
    transport.listen({
      message: (text) => this.#receive(text),
      closed: (reason) => this.#end(reason),
    });
  }

  /** Resolves with the reason when the connection has ended. */
  get closed(): Promise<TransportClosedError> {
    return this.#closed.promise;
  }

  call(method: string, params: unknown, options?: CallOptions): Promise<unknown> {
    return this.#calls.call(method, params, options);
  }

  notify(method: string, params?: unknown): void {
    this.send(encode(params === undefined ? { method } : { method, params }));
  }

  /** Sends a message as it is: an answer to a server request. Dropped when the connection has ended. */
  send(text: string): void {
    if (this.#reason) return;
    this.#events.trace("send", text);
    this.#transport.send(text);
  }

  /** Rejects all that waits with this reason, then ends the transport. */
  async close(reason: TransportClosedError): Promise<void> {
    this.#end(reason);
    await this.#transport.close();
  }

  #receive(text: string): void {
    if (this.#reason) return;
    this.#events.trace("receive", text);
    if (this.#events.peek(text)) return;
    const incoming = classify(text);
    switch (incoming.kind) {
      case "notification":
        this.#events.notification(incoming.message, text);
        return;
      case "request":
        this.#events.request(incoming.message);
        return;
      case "response":
        if (!this.#calls.settle(incoming.message)) this.#events.stray("nobody waits for it", text);
        return;
      case "malformed":
        this.#events.stray(incoming.why, text);
    }
  }

  #end(reason: TransportClosedError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#calls.close(reason);
    this.#closed.resolve(reason);
  }
}
