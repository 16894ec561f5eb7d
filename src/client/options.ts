import type { RetryOptions } from "../errors/retry.ts";
import { CodexWarning, type Warn, type WarningCode } from "../errors/warning.ts";
import { WarningLimit } from "../errors/warning-limit.ts";
import type { ConfigTable } from "../process/config-args.ts";
import type { Approvals, Handlers } from "../session/handlers.ts";
import type { ClientIdentity } from "../session/handshake.ts";
import {
  type ReconnectOptions,
  type RecoveryPolicy,
  type RestartOptions,
  reconnectPolicy,
  restartPolicy,
} from "../session/recovery-policy.ts";
import type { Endpoint } from "../transport/transport.ts";
import { messageOf } from "../util/describe.ts";
import { version } from "../version.ts";

/** Options of a client; all may be left out. */
export interface CodexOptions {
  /**
   * The `codex` program: a path, or a name to be found on PATH. Default: the binary of the
   * installed `@openai/codex`, else `codex` on PATH.
   */
  readonly codexBin?: string | undefined;
  /** The whole command line that starts the server, program first; `codexBin` and `config` are then not used. */
  readonly launchArgs?: readonly string[] | undefined;
  /** Settings as in config.toml, nested as there; they go before those of the file. */
  readonly config?: ConfigTable | undefined;
  /** Working directory of the server, and of threads that name none. Default: that of this process. */
  readonly cwd?: string | undefined;
  /** How the server is reached. Default: it is started as a child process, on stdio. */
  readonly transport?: Endpoint | undefined;
  /** Environment of the server, laid over that of this process; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * The largest message that is taken from a server of this client's own, in bytes; a larger one ends
   * the connection. Default 256 MiB, at most 511 MiB. `websocket()`, `unixSocket()` and `proxy()`
   * have an option of this name too.
   */
  readonly maxMessageBytes?: number | undefined;
  /** How this program calls itself to the server. Default "codex-app-server". */
  readonly clientName?: string | undefined;
  readonly clientTitle?: string | undefined;
  readonly clientVersion?: string | undefined;
  /** Whether experimental methods and fields may be used. Default true. */
  readonly experimentalApi?: boolean | undefined;
  /**
   * How long a request may take when the call does not say. In milliseconds; 0 is no limit.
   * Default 60,000; none for requests that are answered when the work is done, as `command/exec`.
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How a request that the server was too busy to take (-32001) is sent again; false: it is not.
   * Default: up to 8 attempts.
   */
  readonly retryOnOverload?: RetryOptions | false | undefined;
  /**
   * How the connection to a server that goes on without it is made again when it is lost; false: it
   * is not. Default: up to 20 tries in a row, from 50 ms to 5 s apart.
   */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /**
   * How a server process of this client's is started again when it dies. Its threads are resumed;
   * a turn in flight ends as interrupted. Default: it is not started again.
   */
  readonly restart?: RestartOptions | undefined;
  /**
   * How long a turn may be silent before the server is asked whether it still goes on. In
   * milliseconds; 0: never. Default 60,000.
   */
  readonly turnIdleMs?: number | undefined;
  /**
   * How long the server may try to reach a turn's model again before the turn is interrupted and
   * ends with a `ModelUnreachableError`. In milliseconds; default 0: without end, as the server does.
   */
  readonly modelRetryMs?: number | undefined;
  /** What approvals are answered with. Default: all are declined, and a warning says so once. */
  readonly approvals?: Approvals | undefined;
  /** Answers to the server's requests, by method. */
  readonly handlers?: Handlers | undefined;
  /**
   * Called for problems that don't fail a call; of more than 100 of one code in a minute, for a few.
   * Default: `process.emitWarning`.
   */
  readonly onWarning?: ((warning: CodexWarning) => void) | undefined;
  /** Closes the client when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** So many warnings of one code in a minute are passed on one by one. */
const EACH = 100;
const WINDOW_MS = 60_000;

/**
 * Passes warnings on to `onWarning`. One that throws stops nothing: the process gets both then. Of more
 * than 100 of one code in a minute only those are passed on at which their number has doubled, since a
 * peer can cause any number.
 */
export function warnerOf({ onWarning = emitWarning }: CodexOptions): Warn {
  const limits = new Map<WarningCode, WarningLimit>();
  return (warning) => {
    const limit = limits.get(warning.code) ?? new WarningLimit(EACH, WINDOW_MS);
    limits.set(warning.code, limit);
    const howMany = limit.next(`warnings with the code ${warning.code}`);
    if (howMany === undefined) return;
    if (howMany !== "") warning.message += howMany;
    try {
      onWarning(warning);
    } catch (cause) {
      emitWarning(warning);
      const message = `The option onWarning threw: ${messageOf(cause)}`;
      emitWarning(new CodexWarning("LISTENER_FAILED", message, { cause }));
    }
  };
}

function emitWarning(warning: CodexWarning): void {
  process.emitWarning(warning, { code: warning.code });
}

export function identity(options: CodexOptions): ClientIdentity {
  return {
    name: options.clientName ?? "codex-app-server",
    title: options.clientTitle ?? options.clientName ?? "codex-app-server for TypeScript",
    version: options.clientVersion ?? version,
    experimentalApi: options.experimentalApi ?? true,
  };
}

/** A server that outlives its connection is connected to again; one of our own is started again on demand. */
export function recoveryPolicy(
  endpoint: Endpoint,
  { reconnect, restart }: CodexOptions,
): RecoveryPolicy | undefined {
  if (!endpoint.outlivesTransport) return restart && restartPolicy(restart);
  return reconnect === false ? undefined : reconnectPolicy(reconnect);
}
