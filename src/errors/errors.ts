import type { TurnError } from "../protocol/index.ts";
import { quoteForeign, safeMessage } from "../text/secrets.ts";
import type { ErrorCode } from "./codes.ts";

/**
 * Base class of every error from this package, with two exceptions: an invalid argument throws a
 * `TypeError` or `RangeError`, and aborting anything other than a running turn throws the
 * signal's own reason. In the message, recognised secrets are masked and invisible characters are
 * escaped.
 */
export class CodexError extends Error {
  override name = "CodexError";
  /** The kind of error, for programs to check: it stays the same even if the message changes. */
  readonly code: ErrorCode = "CODEX_ERROR";

  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? undefined : safeMessage(message), options);
  }
}

/** How a server process ended: either `code` or `signal` is null. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The connection to the app-server has ended permanently, or the client was closed. */
export class TransportClosedError extends CodexError {
  override name = "TransportClosedError";
  override readonly code = "TRANSPORT_CLOSED";
  /** Exit code of the server process; null if a signal ended it, undefined if this client didn't start it. */
  readonly exitCode: number | null | undefined;
  /** Signal that ended the server process, if one did. */
  readonly signal: string | null | undefined;
  /** The last lines that the server wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(
    message: string,
    details: { exit?: ExitStatus | undefined; stderr?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.exitCode = details.exit?.code;
    this.signal = details.exit?.signal;
    this.stderr = details.stderr ?? [];
  }
}

/** The server couldn't be found or started, or the handshake failed. */
export class LaunchError extends CodexError {
  override name = "LaunchError";
  override readonly code = "LAUNCH_FAILED";
  /** The last lines that the server wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(message: string, details: { stderr?: readonly string[]; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.stderr = details.stderr ?? [];
  }
}

/** A login in the browser failed, timed out or was cancelled. */
export class LoginError extends CodexError {
  override name = "LoginError";
  override readonly code = "LOGIN_FAILED";

  constructor(why: string) {
    super(`The login failed: ${quoteForeign(why)}. Start a new login.`);
  }
}

/**
 * A request wasn't answered, or a turn didn't start or end, in time. The server may or may not have
 * processed it.
 */
export class RequestTimeoutError extends CodexError {
  override name = "RequestTimeoutError";
  override readonly code: ErrorCode = "REQUEST_TIMEOUT";
  /** The method of the request, or "turn" for a whole turn. */
  readonly method: string;
  /** The time limit that was exceeded, in milliseconds. */
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number, message?: string) {
    super(message ?? `${method} got no response within ${timeoutMs} ms`);
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}

/**
 * The connection was lost after this request was sent: the server may or may not have processed it.
 * A request that is safe to retry is sent again several times before this error is thrown.
 */
export class OutcomeUnknownError extends CodexError {
  override name = "OutcomeUnknownError";
  override readonly code = "OUTCOME_UNKNOWN";
  /** The method of the request. */
  readonly method: string;

  constructor(method: string, cause: Error) {
    super(
      `The connection was lost before ${method} was answered; the server may or may not have processed it (${cause.message})`,
      { cause },
    );
    this.method = method;
  }
}

/** The server no longer knows the turn, or no longer answers, so its result can't be determined. */
export class TurnLostError extends CodexError {
  override name = "TurnLostError";
  override readonly code = "TURN_LOST";
  readonly threadId: string;
  readonly turnId: string;

  constructor(turn: { threadId: string; turnId: string }, why: string, options?: ErrorOptions) {
    super(`Turn ${turn.turnId} of thread ${turn.threadId} is lost: ${why}`, options);
    this.threadId = turn.threadId;
    this.turnId = turn.turnId;
  }
}

/**
 * The message went unanswered: the server had merged it into a turn that something else started,
 * and that turn ended without answering it. `thread.run()` sends it again automatically.
 */
export class MessageUnansweredError extends CodexError {
  override name = "MessageUnansweredError";
  override readonly code = "MESSAGE_UNANSWERED";
  readonly threadId: string;
  readonly turnId: string;

  constructor(turn: { threadId: string; turnId: string }, why: string) {
    super(`Turn ${turn.turnId} of thread ${turn.threadId}: ${why}. Send the message again.`);
    this.threadId = turn.threadId;
    this.turnId = turn.turnId;
  }
}

/** The server couldn't reach the model for `modelRetryMs`. The turn was interrupted. */
export class ModelUnreachableError extends CodexError {
  override name = "ModelUnreachableError";
  override readonly code = "MODEL_UNREACHABLE";
  readonly threadId: string;
  readonly turnId: string;
  /** The client's `modelRetryMs` option, in milliseconds. */
  readonly modelRetryMs: number;
  /** The last error that the server reported. */
  readonly error: TurnError;

  constructor(turn: { threadId: string; turnId: string }, modelRetryMs: number, error: TurnError) {
    const { threadId, turnId } = turn;
    super(
      `Turn ${turnId} of thread ${threadId} was interrupted: the server could not reach the model ` +
        `for ${modelRetryMs} ms. Its last error: ${quoteForeign(error.message)}`,
    );
    this.threadId = threadId;
    this.turnId = turnId;
    this.modelRetryMs = modelRetryMs;
    this.error = error;
  }
}

/**
 * An input that can't be sent: it is empty or too large, or names a file that doesn't exist or
 * can't be used.
 */
export class InvalidInputError extends CodexError {
  override name = "InvalidInputError";
  override readonly code = "INVALID_INPUT";
}

/** A schema that the model endpoint would refuse, or that can't be converted to JSON Schema. */
export class InvalidSchemaError extends CodexError {
  override name = "InvalidSchemaError";
  override readonly code = "INVALID_SCHEMA";
  /** The location in the JSON Schema, as a JSON pointer; "" is the root. */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}
