import type { TransportClosedError } from "../errors/errors.ts";

/** What a transport reports to the connection above it. */
export interface TransportEvents {
  /** One whole message, as JSON text. */
  message(text: string): void;
  /** The transport has ended, and why. Called once, after the last message. */
  closed(reason: TransportClosedError): void;
}

/** Carries whole JSON messages in both directions, and knows nothing of their content. */
export interface Transport {
  /** Starts to deliver. Called once, before anything is sent; what came earlier is delivered then. */
  listen(events: TransportEvents): void;
  /**
   * Sends one message.
   * @throws InvalidInputError for a message that is too large for this transport. Whatever else can't be delivered ends the transport.
   */
  send(text: string): void;
  /** Ends the transport and resolves when all that belonged to it is gone. Idempotent. */
  close(): Promise<void>;
  /** Quotes what came during the handshake and is no message, for the error if that fails. */
  readonly noise?: string | undefined;
}

/** Makes transports to one app-server: what the option `transport` takes. */
export interface Endpoint {
  /** Names the other side in errors: "stdio", "ws://127.0.0.1:4500". Holds no password and no token. */
  readonly name: string;
  /** Whether the server outlives the transport, so that connecting again finds the same threads. */
  readonly outlivesTransport: boolean;
  /**
   * Whether the server sees the files of this machine, so that paths can be checked before they are
   * sent. Default true; false for a `websocket` to another host.
   */
  readonly sharesFiles?: boolean | undefined;
  /** Resolves when messages can be sent. An abort rejects with the signal's reason and leaves nothing behind. */
  connect(signal: AbortSignal): Promise<Transport>;
  /** What it was made of, where another thread can make it again; an endpoint of your own has none. */
  readonly recipe?: EndpointRecipe | undefined;
}

/** The function of this package that made an endpoint, and what it was called with. */
export interface EndpointRecipe {
  readonly maker: "websocket" | "unixSocket" | "proxy";
  readonly args: readonly unknown[];
}
