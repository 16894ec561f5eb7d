import type { TransportClosedError } from "../errors/errors.ts";
import { quoteForeign } from "../text/secrets.ts";
import type { Transport } from "../transport/transport.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import {
  classify,
  encodeNotification,
  type Incoming,
  type Notification,
  type ServerRequest,
} from "./messages.ts";
import { type CallOptions, PendingCalls, type Probe } from "./pending.ts";

/**
 * The events of a connection. If one of these functions throws, `failed` is called, and reading
 * continues.
 */
export interface ConnectionEvents {
  /**
   * Inspects a message's text first. If it returns true, it has handled the message, which is then neither parsed
   * nor traced. If it throws, the message is handled as usual.
   */
  peek(text: string): boolean;
  notification(message: Notification, text: string): void;
  request(message: ServerRequest): void;
  /** Called with a message that matches nothing. `why` completes "it was ignored, because …". */
  stray(why: string, text: string): void;
  /**
   * Called with every message, in both directions, except those that `peek` has handled. `isJson`: whether it is
   * known to be JSON.
   */
  trace(direction: "send" | "receive", text: string, isJson: boolean): void;
  /** Called when something threw `cause`. `what` names the thing that threw, as the subject of a sentence. */
  failed(what: string, cause: unknown): void;
}

export interface ConnectionOptions {
  /** Sent when no other answer shows how far the server has read. Default: none. */
  readonly probe?: Probe | undefined;
}

/** How much of a method name is quoted: the server chooses it, and it can have any length. */
const MAX_METHOD_CHARS = 100;

/** JSON-RPC over one transport: calls and their answers, notifications, and the server's requests. */
export class Connection {
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #calls: PendingCalls;
  readonly #closed: Deferred<TransportClosedError> = deferred();
  #reason: TransportClosedError | undefined;

  constructor(transport: Transport, events: ConnectionEvents, options: ConnectionOptions = {}) {
    this.#transport = transport;
    this.#events = events;
    this.#calls = new PendingCalls({
      send: (text) => this.send(text),
      probe: options.probe,
      failed: (what, cause) => this.#failed(what, cause),
    });
    transport.listen({
      message: (text) => this.#receive(text),
      closed: (reason) => this.#end(reason),
    });
  }

  /** Resolves with the reason when the connection has ended. */
  get closed(): Promise<TransportClosedError> {
    return this.#closed.promise;
  }

  /** See `PendingCalls.call`. */
  call(method: string, params: unknown, options?: CallOptions): Promise<unknown> {
    return this.#calls.call(method, params, options);
  }

  notify(method: string, params?: unknown): void {
    this.send(encodeNotification(method, params));
  }

  /**
   * Sends a message unchanged: the answer to a server request. Does nothing if the connection has
   * ended. Throws what the transport throws for a message that is too large.
   */
  send(text: string): void {
    if (this.#reason) return;
    this.#trace("send", text, true);
    this.#transport.send(text);
  }

  /** Sets whether the program can end while the connection is open. */
  keepAlive(on: boolean): void {
    this.#transport.keepAlive?.(on);
  }

  /** Rejects all pending calls with this reason, then ends the transport. */
  async close(reason: TransportClosedError): Promise<void> {
    this.#end(reason);
    await this.#transport.close();
  }

  /**
   * Handles a message. Never throws, no matter what arrives and what a hook does, because the transport has more to deliver.
   */
  #receive(text: string): void {
    if (this.#reason) return;
    try {
      if (this.#events.peek(text)) return;
    } catch (cause) {
      this.#failed("the quick scan of a message", cause);
    }
    const incoming = classify(text);
    this.#trace("receive", text, incoming.kind !== "malformed");
    try {
      this.#dispatch(incoming, text);
    } catch (cause) {
      this.#failed(handlerOf(incoming), cause);
    }
  }

  #dispatch(incoming: Incoming, text: string): void {
    switch (incoming.kind) {
      case "notification":
        this.#events.notification(incoming.message, text);
        return;
      case "request":
        this.#events.request(incoming.message);
        return;
      case "response":
        if (this.#calls.settle(incoming.message)) return;
        this.#events.stray(incoming.flaw ?? "no request is waiting for it", text);
        return;
      case "malformed":
        this.#events.stray(incoming.why, text);
    }
  }

  #trace(direction: "send" | "receive", text: string, isJson: boolean): void {
    try {
      this.#events.trace(direction, text, isJson);
    } catch (cause) {
      this.#failed("the traffic log", cause);
    }
  }

  #failed(what: string, cause: unknown): void {
    try {
      this.#events.failed(what, cause);
    } catch {
      // Nothing is left that could report the error.
    }
  }

  #end(reason: TransportClosedError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#calls.close(reason);
    this.#closed.resolve(reason);
  }
}

function handlerOf(incoming: Incoming): string {
  if (incoming.kind === "notification" || incoming.kind === "request") {
    const { method } = incoming.message;
    return `the handler of the ${incoming.kind} ${quoteForeign(method, MAX_METHOD_CHARS)}`;
  }
  return "the report of an ignored message";
}
