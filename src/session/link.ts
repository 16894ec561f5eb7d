import {
  type CodexError,
  LaunchError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors/errors.ts";
import { Connection, type ConnectionEvents } from "../rpc/connection.ts";
import { CallLost } from "../rpc/pending.ts";
import type { Endpoint, Transport } from "../transport/transport.ts";
import { delay, onAbort, orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import {
  type ClientIdentity,
  initializeParams,
  readMetadata,
  type ServerMetadata,
} from "./handshake.ts";
import { Launch } from "./launch.ts";
import type { RecoveryPolicy } from "./recovery-policy.ts";
import type { CodexStatus } from "./status.ts";

/** Answered at once by every server, whatever state it is in. */
const PROBE = { method: "thread/loaded/list", params: { limit: 1 } };

export interface LinkOptions {
  readonly endpoint: Endpoint;
  readonly client: ClientIdentity;
  /** In milliseconds; 0 is none. */
  readonly handshakeTimeoutMs: number;
  /** Undefined: a connection that is lost is not made again. */
  readonly recovery: RecoveryPolicy | undefined;
  readonly connection: ConnectionEvents;
  /** Brings what the old connection knew onto the new one, before anybody else uses it. */
  readonly recover: (connection: Connection) => Promise<void>;
  readonly onStatus: (status: CodexStatus) => void;
  /** The link is over: closed by the user (no error), or ended for good. Told once. */
  readonly onEnd: (reason: TransportClosedError, error: CodexError | undefined) => void;
}

/**
 * The connection to the server: made when it is first needed, shared by all, and where the policy
 * allows made again when it is lost. It alone knows that connections end.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #launch = new Launch((signal) => this.#start(signal));
  readonly #abort = new AbortController();
  #connection: Connection | undefined;
  /** The newest connection that has shaken hands, while it is being recovered too. */
  #newest: Connection | undefined;
  #recovering: Deferred<Connection> | undefined;
  #metadata: ServerMetadata | undefined;
  #status: CodexStatus = { state: "idle" };
  #endReason: TransportClosedError | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { recovery } = options;
    onAbort(recovery?.signal, () => {
      if (this.#recovering) this.#end(reconnectAborted(recovery?.signal?.reason));
    });
  }

  get metadata(): ServerMetadata | undefined {
    return this.#metadata;
  }

  get status(): CodexStatus {
    return this.#status;
  }

  /** Why there is no connection and will be none. */
  get endReason(): TransportClosedError | undefined {
    return this.#endReason;
  }

  /** The connection, once there is one. Rejects with the signal's reason, or with why there will be none. */
  async connected(signal: AbortSignal | undefined): Promise<Connection> {
    signal?.throwIfAborted();
    if (this.#endReason) throw this.#endReason;
    if (this.#connection) return this.#connection;
    if (this.#recovering) return orAborted(this.#recovering.promise, signal);
    return this.#launch.join(signal);
  }

  /**
   * Sends an answer if there is a connection to send it on. The server asks again while a connection
   * is still being recovered, and so it is answered.
   */
  send(text: string): void {
    this.#newest?.send(text);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    const reason = new TransportClosedError("The client was closed");
    this.#end(reason, { byUser: true });
    await this.#launch.cancel(reason);
    await connection?.close(reason);
    await this.#recovering?.promise.catch(() => {});
  }

  async #start(signal: AbortSignal): Promise<Connection> {
    this.#setStatus({ state: "connecting" });
    try {
      return this.#adopt(await this.#open(signal));
    } catch (error) {
      this.#setStatus({ state: "idle" });
      throw error;
    }
  }

  /** Opens a transport and shakes hands on it. Leaves nothing behind when it fails or is aborted. */
  async #open(signal: AbortSignal): Promise<Connection> {
    const { endpoint, client, handshakeTimeoutMs } = this.#options;
    const transport = await this.#dial(signal);
    const connection = new Connection(transport, this.#options.connection, { probe: PROBE });
    try {
      const params = initializeParams(client);
      const late = (ms: number) => new RequestTimeoutError("initialize", ms);
      using limit = deadline(signal, handshakeTimeoutMs, late);
      this.#metadata = readMetadata(await connection.call("initialize", params, limit));
    } catch (error) {
      await connection.close(new TransportClosedError("The handshake failed", { cause: error }));
      throw signal.aborted ? signal.reason : handshakeError(endpoint.name, error);
    }
    connection.notify("initialized");
    this.#newest = connection;
    return connection;
  }

  /** A server may take a connection and never say a word on it. */
  async #dial(signal: AbortSignal): Promise<Transport> {
    const { endpoint, handshakeTimeoutMs } = this.#options;
    const late = (ms: number) =>
      new LaunchError(
        `The app-server (${endpoint.name}) did not take the connection within ${ms} ms`,
      );
    using limit = deadline(signal, handshakeTimeoutMs, late);
    return await endpoint.connect(limit.signal ?? signal);
  }

  #adopt(connection: Connection): Connection {
    this.#connection = connection;
    this.#setStatus({ state: "ready" });
    connection.closed.then((reason) => this.#lost(reason));
    return connection;
  }

  #lost(reason: TransportClosedError): void {
    this.#connection = undefined;
    if (this.#endReason) return;
    const { recovery } = this.#options;
    if (!recovery || recovery.signal?.aborted) {
      this.#end(recovery ? reconnectAborted(recovery.signal?.reason) : reason);
      return;
    }
    this.#recovering = deferred();
    this.#setStatus({ state: "reconnecting", reason });
    this.#recover(recovery, reason);
  }

  async #recover(policy: RecoveryPolicy, lost: TransportClosedError): Promise<void> {
    const { signal } = this.#abort;
    let cause: unknown = lost;
    for (let attempt = 1; !this.#endReason; attempt++) {
      const wait = policy.delayBefore(attempt);
      if (wait === undefined) {
        this.#end(gaveUp(lost, attempt - 1, cause));
        break;
      }
      try {
        await delay(wait, signal);
        const connection = await this.#reopen(signal);
        const { resolve } = this.#recovering ?? {};
        this.#recovering = undefined;
        resolve?.(this.#adopt(connection));
        return;
      } catch (error) {
        cause = error;
      }
    }
    this.#recovering?.reject(this.#endReason);
  }

  async #reopen(signal: AbortSignal): Promise<Connection> {
    const connection = await this.#open(signal);
    try {
      await this.#options.recover(connection);
      signal.throwIfAborted();
      return connection;
    } catch (error) {
      await connection.close(new TransportClosedError("The recovery failed", { cause: error }));
      throw error;
    }
  }

  #end(reason: TransportClosedError, { byUser = false } = {}): void {
    if (this.#endReason) return;
    const error = byUser ? undefined : reason;
    this.#endReason = reason;
    this.#connection = undefined;
    this.#abort.abort(reason);
    this.#setStatus({ state: "closed", reason: error });
    this.#options.onEnd(reason, error);
  }

  #setStatus(status: CodexStatus): void {
    if (this.#status.state === "closed") return;
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function handshakeError(name: string, failure: unknown): unknown {
  const error = failure instanceof CallLost ? failure.reason : failure;
  if (error instanceof LaunchError) return error;
  const stderr = error instanceof TransportClosedError ? error.stderr : [];
  const message = error instanceof Error ? error.message : String(error);
  return new LaunchError(`The handshake with the app-server (${name}) failed: ${message}`, {
    stderr,
    cause: error,
  });
}

function gaveUp(
  lost: TransportClosedError,
  attempts: number,
  cause: unknown,
): TransportClosedError {
  const last = cause instanceof Error && cause !== lost ? `; the last: ${cause.message}` : "";
  const { exitCode, signal = null, stderr } = lost;
  const exit = exitCode === undefined ? undefined : { code: exitCode, signal };
  return new TransportClosedError(
    `${lost.message}. It could not be made again, after ${attempts} tries${last}`,
    { exit, stderr, cause },
  );
}

function reconnectAborted(cause: unknown): TransportClosedError {
  return new TransportClosedError("The reconnecting was aborted", { cause });
}
