import {
  type CodexError,
  LaunchError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors/errors.ts";
import { isServerBusy, repeatWhile } from "../errors/retry.ts";
import { Connection, type ConnectionEvents } from "../rpc/connection.ts";
import { CallLost } from "../rpc/pending.ts";
import { dial } from "../transport/dial.ts";
import { ServerEnded } from "../transport/server-ended.ts";
import type { Endpoint, Transport } from "../transport/transport.ts";
import { delay, onAbort, orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { messageOf } from "../util/describe.ts";
import {
  type ClientIdentity,
  initializeParams,
  readMetadata,
  type ServerMetadata,
} from "./handshake.ts";
import { Launch } from "./launch.ts";
import type { RecoveryPolicy } from "./recovery-policy.ts";
import type { CodexStatus } from "./status.ts";

/** A request that every server answers immediately, in any state. */
const PROBE = { method: "thread/loaded/list", params: { limit: 1 } };

export interface ManagedConnectionOptions {
  readonly endpoint: Endpoint;
  readonly client: ClientIdentity;
  /** In milliseconds; 0 means no limit. */
  readonly handshakeTimeoutMs: number;
  /**
   * Creates the params of `account/login/start`, which is sent at the start of each connection. Undefined if the
   * client doesn't log in.
   */
  readonly logIn: (() => Promise<object>) | undefined;
  /** Undefined if lost connections aren't re-established. */
  readonly recovery: RecoveryPolicy | undefined;
  readonly connection: ConnectionEvents;
  /**
   * Called when a transport was opened, before the handshake; `closed` resolves when the transport has ended.
   */
  readonly onDialled: (transport: Transport, closed: Promise<TransportClosedError>) => void;
  /** Called when a connection was established. `isFirst` is false if it replaces a lost one. */
  readonly onReady: (connection: Connection, isFirst: boolean) => void;
  readonly onStatus: (status: CodexStatus) => void;
  /** Called once, when the client was closed by the user (no error), or has ended permanently. */
  readonly onEnd: (reason: TransportClosedError, error: CodexError | undefined) => void;
}

const BUSY = { maxAttempts: Number.POSITIVE_INFINITY, initialDelayMs: 50, maxDelayMs: 1_000 };

/** After this time a connection counts as good, and the count of losses starts from 1 again. */
const STABLE_MS = 1_000;

/**
 * The connection to the server: opened when it is first needed, shared by all calls, and
 * re-established when it is lost, if the policy allows it. Only this class knows that connections
 * end.
 */
export class ManagedConnection {
  readonly #options: ManagedConnectionOptions;
  readonly #launch = new Launch((signal) => this.#start(signal));
  readonly #abort = new AbortController();
  #connection: Connection | undefined;
  #reconnecting: Deferred<Connection> | undefined;
  /** How many connections in a row were lost before they counted as good. */
  #losses = 0;
  #stable: NodeJS.Timeout | undefined;
  #metadata: ServerMetadata | undefined;
  #status: CodexStatus = { state: "idle" };
  #endReason: TransportClosedError | undefined;

  constructor(options: ManagedConnectionOptions) {
    this.#options = options;
    const { recovery } = options;
    onAbort(recovery?.signal, () => {
      if (this.#reconnecting) this.#end(reconnectAborted(recovery?.signal?.reason));
    });
  }

  get metadata(): ServerMetadata | undefined {
    return this.#metadata;
  }

  get status(): CodexStatus {
    return this.#status;
  }

  /** The reason why the connection has ended permanently. */
  get endReason(): TransportClosedError | undefined {
    return this.#endReason;
  }

  /** The current connection. */
  get current(): Connection | undefined {
    return this.#connection;
  }

  /**
   * Waits for the connection. Rejects with the signal's reason, or if the connection has ended
   * permanently.
   */
  async connected(signal: AbortSignal | undefined): Promise<Connection> {
    signal?.throwIfAborted();
    if (this.#endReason) throw this.#endReason;
    if (this.#connection) return this.#connection;
    if (this.#reconnecting) return orAborted(this.#reconnecting.promise, signal);
    return this.#launch.join(signal);
  }

  /** Notes that a useful request has succeeded on the current connection, which therefore counts as good. */
  madeProgress(): void {
    this.#losses = 0;
  }

  /** Ends the current connection; the policy decides what happens next. */
  async drop(reason: TransportClosedError): Promise<void> {
    await this.#connection?.close(reason);
  }

  async close(why = "The client was closed"): Promise<void> {
    const connection = this.#connection;
    const reason = new TransportClosedError(why);
    this.#end(reason, { byUser: true });
    // Closed before anything is awaited, so that later messages in the same chunk aren't delivered.
    const closing = connection?.close(reason);
    await this.#launch.cancel(reason);
    await closing;
    await this.#reconnecting?.promise.catch(() => {});
  }

  async #start(signal: AbortSignal): Promise<Connection> {
    this.#setStatus({ state: "connecting" });
    // A status listener may have closed the client.
    if (this.#endReason) throw this.#endReason;
    try {
      return await this.#open(signal, true);
    } catch (error) {
      this.#setStatus({ state: "idle" });
      throw error;
    }
  }

  /** Opens a transport and completes the handshake. Leaves nothing behind if it fails or is aborted. */
  async #open(signal: AbortSignal, isFirst: boolean): Promise<Connection> {
    const { endpoint, client, handshakeTimeoutMs } = this.#options;
    const transport = await this.#dial(signal);
    const connection = new Connection(transport, this.#options.connection, { probe: PROBE });
    this.#options.onDialled(transport, connection.closed);
    try {
      const params = initializeParams(client);
      const late = (ms: number) => new RequestTimeoutError("initialize", ms);
      using limit = deadline(signal, handshakeTimeoutMs, late);
      const call = () =>
        connection.call("initialize", params, {
          signal: limit.signal,
          onResult: (answer) => {
            this.#metadata = readMetadata(answer);
          },
        });
      // A busy server hasn't refused the handshake, so it is retried until the deadline.
      await repeatWhile(isServerBusy, call, { ...BUSY, signal: limit.signal });
      connection.notify("initialized");
      await this.#logIn(connection, limit.signal);
      // Messages that arrived during the handshake may have closed the client.
      signal.throwIfAborted();
    } catch (error) {
      await connection.close(new TransportClosedError("The handshake failed", { cause: error }));
      throw signal.aborted ? signal.reason : handshakeError(endpoint.name, error, transport.noise);
    }
    this.#adopt(connection, isFirst);
    return connection;
  }

  async #logIn(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
    const { logIn } = this.#options;
    if (logIn === undefined) return;
    const params = await orAborted(logIn(), signal);
    await connection.call("account/login/start", params, { signal });
  }

  /** Opens a transport within the time limit: a server may accept a connection and never send anything. */
  async #dial(signal: AbortSignal): Promise<Transport> {
    const { endpoint, handshakeTimeoutMs } = this.#options;
    const late = (ms: number) =>
      new LaunchError(
        `The app-server (${endpoint.name}) did not accept the connection within ${ms} ms`,
      );
    using limit = deadline(signal, handshakeTimeoutMs, late);
    return await dial(endpoint, limit.signal ?? signal);
  }

  #adopt(connection: Connection, isFirst: boolean): void {
    this.#connection = connection;
    this.#reconnecting = undefined;
    this.#stable = setTimeout(() => this.madeProgress(), STABLE_MS).unref();
    connection.closed.then((reason) => this.#lost(connection, reason));
    this.#setStatus({ state: "ready" });
    // A status listener may have closed the client.
    if (!this.#endReason) this.#options.onReady(connection, isFirst);
  }

  #lost(connection: Connection, reason: TransportClosedError): void {
    clearTimeout(this.#stable);
    if (this.#connection === connection) this.#connection = undefined;
    if (this.#endReason) return;
    const { recovery } = this.#options;
    if (!recovery || recovery.signal?.aborted) {
      this.#end(recovery ? reconnectAborted(recovery.signal?.reason) : reason);
      return;
    }
    this.#reconnecting = deferred();
    this.#setStatus({ state: "reconnecting", reason });
    void this.#reconnect(recovery, reason);
  }

  async #reconnect(policy: RecoveryPolicy, lost: TransportClosedError): Promise<void> {
    const { signal } = this.#abort;
    let cause: unknown = lost;
    while (!this.#endReason) {
      const wait = policy.delayBefore(++this.#losses);
      if (wait === undefined) {
        this.#end(gaveUp(lost, policy.gaveUp(this.#losses - 1), cause));
        break;
      }
      try {
        await delay(wait, signal);
        const { resolve } = this.#reconnecting ?? {};
        resolve?.(await this.#open(signal, false));
        return;
      } catch (error) {
        cause = error;
        if (error instanceof ServerEnded) this.#end(serverEnded(lost, error));
      }
    }
    this.#reconnecting?.reject(this.#endReason);
  }

  #end(reason: TransportClosedError, { byUser = false } = {}): void {
    if (this.#endReason) return;
    const error = byUser ? undefined : reason;
    this.#endReason = reason;
    this.#connection = undefined;
    clearTimeout(this.#stable);
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

function handshakeError(name: string, failure: unknown, noise: string | undefined): unknown {
  const error = failure instanceof CallLost ? failure.reason : failure;
  if (error instanceof LaunchError) return error;
  const stderr = error instanceof TransportClosedError ? error.stderr : [];
  const message = messageOf(error);
  const also = noise === undefined ? "" : `. Unexpected output: ${noise}`;
  return new LaunchError(`The handshake with the app-server (${name}) failed: ${message}${also}`, {
    stderr,
    cause: error,
  });
}

function gaveUp(lost: TransportClosedError, tried: string, cause: unknown): TransportClosedError {
  const last = cause instanceof Error && cause !== lost ? `; the last error: ${cause.message}` : "";
  const { exitCode, signal = null, stderr } = lost;
  const exit = exitCode === undefined ? undefined : { code: exitCode, signal };
  return new TransportClosedError(`${lost.message}. ${tried}${last}`, { exit, stderr, cause });
}

function serverEnded(lost: TransportClosedError, cause: ServerEnded): TransportClosedError {
  return new TransportClosedError(`${lost.message}. ${cause.message}`, { cause });
}

function reconnectAborted(cause: unknown): TransportClosedError {
  return new TransportClosedError("Reconnecting was aborted", { cause });
}
