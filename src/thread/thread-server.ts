import type { RetryOptions } from "../errors/retry.ts";

export interface RequestOptions {
  /** Stops the wait; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time limit of the call, including connecting and retries. In milliseconds; 0 means no limit.
   * Default: the client's `requestTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
}

export interface SendOptions extends RequestOptions {
  /**
   * Applies the result as soon as its line is read, before the server's next message is
   * handled, and even if the caller has given up: state that depends on a response is set here.
   * On one connection, the ids of requests that aren't urgent increase in the order of sending.
   */
  readonly onResult?: ((result: unknown, id: number) => void) | undefined;
  /** Called when the request is sent: from then on the server may act on it. Must not throw. */
  readonly onSent?: ((id: number) => void) | undefined;
  /** Withdraws the request while it hasn't been sent; the call rejects with the signal's reason. Only with `retry: false`. */
  readonly unsent?: AbortSignal | undefined;
  /** Whether the caller has already waited for the thread's earlier calls. Default false. */
  readonly isInOrder?: boolean | undefined;
  /** Overtakes requests that are waiting to be sent. For requests that control work in progress. */
  readonly urgent?: boolean | undefined;
  /**
   * If false, the call rejects immediately when the server is overloaded (-32001). Default true.
   */
  readonly retry?: boolean | undefined;
}

/** Sends requests on one connection only, until it is lost. */
export interface CurrentConnection {
  /**
   * Asks until the server answers: an overloaded server is asked again. Rejects with `CallLost` if
   * the connection is lost, `JsonRpcError` if the server refuses, and `RequestTimeoutError` if no
   * answer arrives.
   */
  ask(method: string, params: object, onResult?: SendOptions["onResult"]): Promise<unknown>;
  readonly isLost: boolean;
}

/** The parts of the session that the threads need. */
export interface ThreadServer {
  request(method: string, params: object, options?: SendOptions): Promise<unknown>;
  /** The current connection; undefined while there is none. */
  connection(): CurrentConnection | undefined;
  /** Waits for this many milliseconds, or until the client closes. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** How to retry a request that the server refused because it was busy. */
  readonly busyRetry: RetryOptions | false;
  /** Whether a lost connection is re-established. */
  readonly recovers: boolean;
  /** Whether the server keeps running when the connection is lost. */
  readonly outlivesConnection: boolean;
  /** Time limit of a request whose caller doesn't set one. In milliseconds; 0 means no limit. */
  readonly requestTimeoutMs: number;
  /** The error of a request that wasn't answered within its time limit. */
  timeUp(method: string, timeoutMs: number): Error;
  /** The server's version; "" before the handshake. */
  readonly version: string;
  /** How long the server can keep trying to reach a turn's model. In milliseconds; 0 means no limit. */
  readonly modelRetryMs: number;
  /**
   * How long a turn can be silent before the client asks the server about it. In milliseconds; 0 means never.
   */
  readonly turnIdleMs: number;
  /**
   * Kills and restarts the client's own server process; false if there is none, or it isn't
   * restarted.
   */
  restartServer(reason: Error): boolean;
}
