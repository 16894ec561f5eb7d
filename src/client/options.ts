import type { RetryOptions } from "../errors/retry.ts";
import { CodexWarning, type Warn, type WarningCode } from "../errors/warning.ts";
import { WarningLimit } from "../errors/warning-limit.ts";
import type { LaunchOptions } from "../process/launch-options.ts";
import type { ApprovalRules, Handlers } from "../session/handlers.ts";
import type { ClientIdentity } from "../session/handshake.ts";
import {
  type ReconnectOptions,
  type RecoveryPolicy,
  type RestartOptions,
  reconnectPolicy,
  restartPolicy,
} from "../session/recovery-policy.ts";
import type { TraceOptions } from "../trace/options.ts";
import type { Endpoint } from "../transport/transport.ts";
import { messageOf } from "../util/describe.ts";
import { version } from "../version.ts";
import type { ChatGPTTokenProvider } from "./credentials.ts";
import type { InspectOptions } from "./inspect-options.ts";

/** Options of a client; all are optional. */
export interface CodexOptions extends LaunchOptions {
  /**
   * The complete command line of the server, starting with the program. Replaces `codexBin`,
   * `config` and `configOverrides`.
   */
  readonly launchArgs?: readonly string[] | undefined;
  /**
   * Logs in with this API key when the server starts: `account/login/start`. The key stays in the
   * memory of this client's server: it isn't stored, and doesn't appear on the server's command line.
   * Can't be combined with `transport` or `launchArgs`.
   */
  readonly apiKey?: string | undefined;
  /**
   * Logs in with tokens of a ChatGPT session that your program manages, and asks for new ones when
   * they expire: `account/login/start`, `account/chatgptAuthTokens/refresh`. The tokens aren't
   * stored. Can't be combined with `apiKey`, `transport` or `launchArgs`.
   */
  readonly chatgptTokens?: ChatGPTTokenProvider | undefined;
  /**
   * If false, the program can end without `close()` whenever no request and no turn is in progress;
   * the server ends with it. Only for a server that this client starts. Default true.
   */
  readonly keepAlive?: boolean | undefined;
  /** How to reach the server. Default: start it as a child process, on stdio. */
  readonly transport?: Endpoint | undefined;
  /**
   * The largest message accepted from a server that this client starts, in bytes. A larger one ends
   * the connection. Default 256 MiB, at most 511 MiB. `websocket()`, `unixSocket()` and `proxy()`
   * have an option with the same name.
   */
  readonly maxMessageBytes?: number | undefined;
  /** Name of this program, as the server sees it. Default "codex-app-server". */
  readonly clientName?: string | undefined;
  /** Display name of this program. Default: `clientName`. */
  readonly clientTitle?: string | undefined;
  /** Version of this program. Default: the version of this package. */
  readonly clientVersion?: string | undefined;
  /** Allows experimental methods and fields. Default true. */
  readonly experimentalApi?: boolean | undefined;
  /**
   * Time limit of requests without their own `timeoutMs`, in milliseconds; 0 means no limit.
   * Default 60,000; no limit for requests that are answered only when their work is done, such as
   * `command/exec`.
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How to retry requests that the server refused because it was busy (-32001); `false` turns
   * retries off. Default: up to 8 attempts.
   */
  readonly retryOnOverload?: RetryOptions | boolean | undefined;
  /**
   * How to re-establish a lost connection to a server that keeps running; `false` turns
   * reconnecting off. Default: up to 20 consecutive attempts, from 50 ms to 5 s apart.
   */
  readonly reconnect?: ReconnectOptions | boolean | undefined;
  /**
   * How to restart this client's server process when it dies; `true` means up to 3 times in 60 s,
   * from 100 ms to 5 s apart. Its threads are resumed; a running turn ends as interrupted. Default:
   * the server isn't restarted.
   */
  readonly restart?: RestartOptions | boolean | undefined;
  /**
   * How long a turn can be silent before the client asks the server whether it is still running, in
   * milliseconds; 0 means never. Default 60,000.
   */
  readonly turnIdleMs?: number | undefined;
  /**
   * How long the server can keep trying to reach a turn's model before the turn is interrupted and
   * ends with a `ModelUnreachableError`, in milliseconds. Default 0: no limit. The server
   * has none either.
   */
  readonly modelRetryMs?: number | undefined;
  /**
   * Decides approvals, regardless of `handlers`. "ask" keeps them pending in `codex.requests`.
   * Default: all are declined, with one warning.
   */
  readonly approvals?: "accept" | "decline" | "ask" | ApprovalRules | undefined;
  /** Answers to the server's requests, by method. */
  readonly handlers?: Handlers | undefined;
  /**
   * Writes every message and every change in the connection's state to this file, or to a new file in this
   * folder, with secrets masked. Default: the variable `CODEX_APP_SERVER_TRACE`, otherwise no
   * trace.
   */
  readonly trace?: string | TraceOptions | undefined;
  /**
   * Serves a page on 127.0.0.1 that shows this client's threads and traffic while it runs, and prints
   * its link to stderr. Anyone who opens the link can start turns and answer requests. Default false.
   */
  readonly inspect?: InspectOptions | boolean | undefined;
  /**
   * Called for problems that don't fail a call. If there are more than 100 with the same code in a
   * minute, only a few of the rest are reported. Default: `process.emitWarning`.
   */
  readonly onWarning?: ((warning: CodexWarning) => void) | undefined;
  /** Aborting closes the client. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_RETRY = { maxAttempts: 8 };

/** The number of warnings with the same code that are passed on individually in a minute. */
const EACH = 100;
const WINDOW_MS = 60_000;

/**
 * Passes warnings on to `onWarning`. If it throws, the warning and the error become process warnings. After 100
 * warnings with the same code in a minute, one is passed on each time the count doubles, because a
 * peer can cause any number of them.
 */
export function warnerOf({ onWarning = emitWarning }: CodexOptions): Warn {
  const limits = new Map<WarningCode, WarningLimit>();
  return (warning) => {
    const limit = limits.get(warning.code) ?? new WarningLimit(EACH, WINDOW_MS);
    limits.set(warning.code, limit);
    const howMany = limit.next(`warnings with the code ${warning.code}`);
    if (howMany === undefined) return;
    if (howMany !== "") warning.message += howMany;
    const failed = (cause: unknown) => {
      emitWarning(warning);
      const message = `The onWarning callback threw: ${messageOf(cause)}`;
      emitWarning(new CodexWarning("LISTENER_FAILED", message, { cause }));
    };
    try {
      const result: unknown = onWarning(warning);
      if (result instanceof Promise) result.catch(failed);
    } catch (cause) {
      failed(cause);
    }
  };
}

function emitWarning(warning: CodexWarning): void {
  const { message, name: type, code } = warning;
  try {
    process.emitWarning(warning, { code });
  } catch {
    // Node rejects an error from another realm, such as a test's realm in Jest or in vitest's
    // vmThreads.
    process.emitWarning(message, { type, code });
  }
}

export function identity(options: CodexOptions): ClientIdentity {
  return {
    name: options.clientName ?? "codex-app-server",
    title: options.clientTitle ?? options.clientName ?? "codex-app-server for TypeScript",
    version: options.clientVersion ?? version,
    experimentalApi: options.experimentalApi ?? true,
  };
}

/**
 * Reconnects to a server that outlives its connection, and restarts the client's own server if the
 * options ask for it.
 */
export function recoveryPolicy(
  endpoint: Endpoint,
  { reconnect, restart }: CodexOptions,
): RecoveryPolicy | undefined {
  if (endpoint.outlivesTransport) {
    return reconnect === false ? undefined : reconnectPolicy(objectOf(reconnect));
  }
  return restart ? restartPolicy(objectOf(restart)) : undefined;
}

/** How to retry requests that the server refused because it was busy. */
export function overloadRetry({ retryOnOverload }: CodexOptions): RetryOptions | false {
  if (retryOnOverload === false) return false;
  return objectOf(retryOnOverload) ?? DEFAULT_RETRY;
}

/** The given options; none for `true`, which means the defaults. */
function objectOf<Options extends object>(given: Options | boolean | undefined) {
  return typeof given === "object" ? given : undefined;
}
