import type { TurnError } from "../protocol/index.ts";
import { quoteForeign, safeMessage } from "../text/secrets.ts";

/**
 * The base of every error that this package makes, but for a `TypeError` or `RangeError` on a
 * wrong argument and for the reason of an aborted signal, which is rethrown as it is. Secrets in the
 * message are masked as far as they are recognised, and characters that a screen hides are escaped.
 */
export class CodexError extends Error {
  override name = "CodexError";

  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? undefined : safeMessage(message), options);
  }
}

/** How a server process ended: one of the two is null. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The connection to the app-server has ended, or the client was closed. Nothing can be sent any more. */
export class TransportClosedError extends CodexError {
  override name = "TransportClosedError";
  readonly code = "TRANSPORT_CLOSED";
  /** Exit code of the server process; null when a signal ended it, undefined when it is not ours. */
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

/** The server could not be found, started or greeted. */
export class LaunchError extends CodexError {
  override name = "LaunchError";
  readonly code = "LAUNCH_FAILED";
  /** The last lines that the server wrote to stderr, oldest first. */
  readonly stderr: readonly string[];

  constructor(message: string, details: { stderr?: readonly string[]; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.stderr = details.stderr ?? [];
  }
}

/** No answer came within the time that the caller gave. Whether the server did the work is not known. */
export class RequestTimeoutError extends CodexError {
  override name = "RequestTimeoutError";
  readonly code = "REQUEST_TIMEOUT";
  /** The protocol method that was asked, or "turn" for a whole turn. */
  readonly method: string;
  /** In milliseconds. */
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number, message?: string) {
    super(message ?? `${method} got no answer within ${timeoutMs} ms`);
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}

/**
 * The connection was lost while this request was with the server: whether it happened is not known.
 * Requests that only read are sent again and never end so.
 */
export class OutcomeUnknownError extends CodexError {
  override name = "OutcomeUnknownError";
  readonly code = "OUTCOME_UNKNOWN";
  /** The protocol method that was asked. */
  readonly method: string;

  constructor(method: string, cause: Error) {
    super(
      `The connection was lost before ${method} was answered: whether it happened is not known (${cause.message})`,
      { cause },
    );
    this.method = method;
  }
}

/** The server no longer knows the turn, or no longer answers: how the turn ended can't be known. */
export class TurnLostError extends CodexError {
  override name = "TurnLostError";
  readonly code = "TURN_LOST";
  readonly threadId: string;
  readonly turnId: string;

  constructor(turn: { threadId: string; turnId: string }, why: string, options?: ErrorOptions) {
    super(`Turn ${turn.turnId} of thread ${turn.threadId} is lost: ${why}`, options);
    this.threadId = turn.threadId;
    this.turnId = turn.turnId;
  }
}

/**
 * The turn ended without an answer to the message that started it: the server had merged the
 * message into a turn that something else began. `thread.run()` sends it again by itself.
 */
export class MessageUnansweredError extends CodexError {
  override name = "MessageUnansweredError";
  readonly code = "MESSAGE_UNANSWERED";
  readonly threadId: string;
  readonly turnId: string;

  constructor(turn: { threadId: string; turnId: string }, why: string) {
    super(`Turn ${turn.turnId} of thread ${turn.threadId}: ${why}. Run it again.`);
    this.threadId = turn.threadId;
    this.turnId = turn.turnId;
  }
}

/** The server tried in vain to reach the model for as long as `modelRetryMs` allows. The turn was interrupted. */
export class ModelUnreachableError extends CodexError {
  override name = "ModelUnreachableError";
  readonly code = "MODEL_UNREACHABLE";
  readonly threadId: string;
  readonly turnId: string;
  /** In milliseconds. */
  readonly modelRetryMs: number;
  /** What the server last said of its tries. */
  readonly error: TurnError;

  constructor(turn: { threadId: string; turnId: string }, modelRetryMs: number, error: TurnError) {
    const { threadId, turnId } = turn;
    super(
      `Turn ${turnId} of thread ${threadId} was interrupted: the server could not reach the model ` +
        `for ${modelRetryMs} ms; it last said: ${quoteForeign(error.message)}`,
    );
    this.threadId = threadId;
    this.turnId = turnId;
    this.modelRetryMs = modelRetryMs;
    this.error = error;
  }
}

/** An input that can't be sent as it is: empty, too large, or naming a file that does not exist. */
export class InvalidInputError extends CodexError {
  override name = "InvalidInputError";
  readonly code = "INVALID_INPUT";
}

/** A schema that the model endpoint would refuse, or from which no JSON Schema can be made. */
export class InvalidSchemaError extends CodexError {
  override name = "InvalidSchemaError";
  readonly code = "INVALID_SCHEMA";
  /** The place in the JSON Schema, as a JSON pointer ("" is the root). */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}
