import { CodexError } from "../errors/errors.ts";
import type { OutputIssue } from "../errors/output-issue.ts";
import type { TurnError, TurnStatus } from "../protocol/index.ts";
import type { TurnResult } from "./result.ts";

/** The turn failed or was interrupted; thrown by `throwIfFailed`. */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  readonly code = "TURN_FAILED";
  readonly result: TurnResult<unknown>;
  /** What the server said of a failed turn; null for an interrupted one. */
  readonly error: TurnError | null;

  constructor(result: TurnResult<unknown>) {
    const { turnId, threadId, status, error } = result;
    const why = error ? `: ${error.message}${detailOf(error)}` : "";
    super(`Turn ${turnId} of thread ${threadId} ${ending(status)}${why}`);
    this.result = result;
    this.error = error;
  }
}

/** The turn completed, and its text does not fit the `outputSchema`. */
export class OutputValidationError extends CodexError {
  override name = "OutputValidationError";
  readonly code = "OUTPUT_INVALID";
  /** The turn's result, whose `text` is what the model said. */
  readonly result: TurnResult<unknown>;
  readonly issues: readonly OutputIssue[];

  constructor(result: TurnResult<unknown>, issues: readonly OutputIssue[]) {
    const list = issues.map(({ message, path }) => `${pathText(path)}${message}`).join("; ");
    super(`The answer of turn ${result.turnId} does not fit its output schema: ${list}`);
    this.result = result;
    this.issues = issues;
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}

function ending(status: TurnStatus): string {
  return status === "interrupted" ? "was interrupted" : status;
}

function detailOf({ additionalDetails, codexErrorInfo }: TurnError): string {
  const kind =
    typeof codexErrorInfo === "object" && codexErrorInfo !== null
      ? Object.keys(codexErrorInfo)[0]
      : codexErrorInfo;
  const details = additionalDetails ? ` ${additionalDetails}` : "";
  return kind ? `${details} (${kind})` : details;
}
