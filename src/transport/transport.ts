import type { TransportClosedError } from "../errors/errors.ts";

/** What a transport reports to the connection above it. */
export interface TransportEvents {
  /** Called with each whole message, as JSON text. */
  message(text: string): void;
  /** Called once, after the last message, with the reason why the transport has ended. */
  closed(reason: TransportClosedError): void;
}

/** Carries complete JSON messages in both directions, without interpreting them. */
export interface Transport {
  /**
   * Starts delivering messages, including those that arrived earlier. Called once, before anything
   * is sent.
   */
  listen(events: TransportEvents): void;
  /**
   * Sends one message.
   * @throws InvalidInputError for a message that is too large for this transport. If a message
   *   can't be delivered for another reason, the transport ends.
   */
  send(text: string): void;
  /** Ends the transport, and resolves when its resources are released. Idempotent. */
  close(): Promise<void>;
  /** Sets whether the program can end while the transport is open. By default it can't. */
  keepAlive?(on: boolean): void;
  /** The process id of the server, if this transport has started it. */
  readonly pid?: number | undefined;
  /** Output during the handshake that isn't a message, to quote in the error if the handshake fails. */
  readonly noise?: string | undefined;
}

/** Creates transports to one app-server, for the `transport` option. */
export interface Endpoint {
  /**
   * Name of the server in errors, such as "stdio" or "ws://127.0.0.1:4500". Contains no password
   * and no token.
   */
  readonly name: string;
  /** Whether the server outlives the transport, so that reconnecting finds the same threads. */
  readonly outlivesTransport: boolean;
  /**
   * Whether the server sees the files of this machine, so that paths can be checked before they are
   * sent. Default true; false for a `websocket()` to another host.
   */
  readonly sharesFiles?: boolean | undefined;
  /** Resolves when messages can be sent. If aborted, rejects with the signal's reason and releases all resources. */
  connect(signal: AbortSignal): Promise<Transport>;
  /** How another thread can create the same endpoint; undefined for your own endpoints. */
  readonly recipe?: EndpointRecipe | undefined;
}

/** The function of this package that created the endpoint, and its arguments. */
export interface EndpointRecipe {
  readonly maker: "websocket" | "unixSocket" | "proxy" | "served";
  readonly args: readonly unknown[];
}
