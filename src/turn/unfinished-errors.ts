import { CodexError, RequestTimeoutError } from "../errors/errors.ts";
import type { TurnError } from "../protocol/index.ts";
import { quoteForeign } from "../text/secrets.ts";
import { messageOf } from "../util/describe.ts";
import { TurnResult } from "./result.ts";
import type { TurnRecord } from "./turn-record.ts";

/** The maximum length of the server's message about why it can't reach the model. */
const MAX_QUOTED = 500;

/** Used instead of the method in a `RequestTimeoutError`, for the time limit of a whole turn. */
export const WHOLE_TURN = "turn";

/** The turn didn't end within `timeoutMs`, and was interrupted. */
export class TurnTimeoutError extends RequestTimeoutError {
  override name = "TurnTimeoutError";
  override readonly code = "TURN_TIMEOUT";
  readonly threadId: string;
  readonly turnId: string;
  /** The partial result when the time limit was reached: items, usage, and the text streamed so far. */
  readonly result: TurnResult;

  /** `retrying` is the last error that the server reported, if it couldn't reach the model. */
  constructor(result: TurnResult, timeoutMs: number, retrying: TurnError | undefined) {
    const { threadId, turnId } = result;
    const why = retrying
      ? `. The server could not reach the model: ${quoteForeign(retrying.message, MAX_QUOTED)}`
      : "";
    const message = `Turn ${turnId} of thread ${threadId} didn't end within ${timeoutMs} ms and was interrupted${why}`;
    super(WHOLE_TURN, timeoutMs, message);
    this.threadId = threadId;
    this.turnId = turnId;
    this.result = result;
  }
}

/** The caller's signal aborted while the turn ran, and the turn was interrupted. `cause` is the signal's reason. */
export class TurnAbortedError extends CodexError {
  override name = "TurnAbortedError";
  override readonly code = "TURN_ABORTED";
  readonly threadId: string;
  readonly turnId: string;
  /** The partial result when the signal aborted: items, usage, and the text streamed so far. */
  readonly result: TurnResult;

  constructor(result: TurnResult, reason: unknown) {
    const { threadId, turnId } = result;
    super(
      `Turn ${turnId} of thread ${threadId} was interrupted because its signal aborted: ${messageOf(reason)}`,
      { cause: reason },
    );
    this.threadId = threadId;
    this.turnId = turnId;
    this.result = result;
  }
}

/** The error for callers waiting for a turn that was abandoned because of this abort reason. */
export function givenUp(record: TurnRecord, reason: unknown): TurnTimeoutError | TurnAbortedError {
  const result = new TurnResult(record, record.state);
  if (reason instanceof RequestTimeoutError && reason.method === WHOLE_TURN) {
    return new TurnTimeoutError(result, reason.timeoutMs, record.retryError);
  }
  return new TurnAbortedError(result, reason);
}
