import { CodexError } from "../errors/errors.ts";
import type { OutputIssue } from "../errors/output-issue.ts";
import type {
  ThreadItem,
  ThreadTokenUsageUpdatedNotification,
  TurnError,
  TurnStatus,
} from "../protocol/index.ts";
import { quoteForeign } from "../text/secrets.ts";
import { describe, isRecord } from "../util/describe.ts";
import type { TurnState } from "./fold.ts";

/** The maximum length of the server's message that an error about a failed turn quotes. */
const MAX_QUOTED = 1_000;

/** The result of a turn: how it ended, and what the agent said and did. */
export class TurnResult<Output = unknown> {
  readonly threadId: string;
  readonly turnId: string;
  readonly status: TurnStatus;
  /** Why the turn failed; null if it didn't, or if the server gave no reason. */
  readonly error: TurnError | null;
  /**
   * The final answer: the last agent message with the phase `final_answer`, otherwise the last one
   * without a phase; "" if there is none. If the turn didn't complete, a message that was cut off
   * counts, with its streamed text.
   */
  readonly text: string;
  /**
   * The completed items, in the order in which they completed. If the turn didn't complete, the
   * unfinished items follow in the order in which they started, each in its last state, with the
   * text, output or reasoning that was streamed.
   */
  readonly items: readonly ThreadItem[];
  /**
   * The last token usage that the server reported for this turn. It doesn't include the usage of
   * sub-agents.
   */
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  /**
   * The value of `text`, parsed and validated with the turn's `outputSchema`; undefined unless the
   * turn completed.
   */
  readonly output: Output | undefined;
  /** When the turn started, in whole seconds; null if the server doesn't report it. */
  readonly startedAt: Date | null;
  /** When the turn ended, in whole seconds; null if the server doesn't report it. */
  readonly completedAt: Date | null;
  readonly durationMs: number | null;

  constructor(turn: { threadId: string; turnId: string }, state: TurnState, output?: Output) {
    this.threadId = turn.threadId;
    this.turnId = turn.turnId;
    this.status = state.status;
    this.error = state.error;
    this.text = state.text;
    this.items = state.items;
    this.usage = state.usage;
    this.output = output;
    this.startedAt = dateOf(state.startedAt);
    this.completedAt = dateOf(state.completedAt);
    this.durationMs = state.durationMs;
  }

  /**
   * Returns this result if the turn completed.
   * @throws TurnFailedError if it failed or was interrupted.
   */
  throwIfFailed(): CompletedTurnResult<Output> {
    if (this.status !== "completed") throw new TurnFailedError(this);
    return this as CompletedTurnResult<Output>;
  }
}

/** The result of a completed turn, with `output` set. */
export interface CompletedTurnResult<Output = unknown> extends TurnResult<Output> {
  readonly status: "completed";
  readonly output: Output;
}

function dateOf(seconds: unknown): Date | null {
  return typeof seconds === "number" ? new Date(seconds * 1000) : null;
}

/** The turn failed or was interrupted; thrown by `throwIfFailed`. */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  override readonly code = "TURN_FAILED";
  readonly result: TurnResult;
  /** The server's error for a failed turn; null for an interrupted one. */
  readonly error: TurnError | null;

  constructor(result: TurnResult) {
    const { turnId, threadId, status, error } = result;
    const why = error ? `: ${quoted(error.message)}${detailOf(error)}` : "";
    super(`Turn ${turnId} of thread ${threadId} ${ending(status)}${why}${loginHint(error)}`);
    this.result = result;
    this.error = error;
  }
}

/** The turn completed, but its text doesn't match the `outputSchema`. */
export class OutputValidationError extends CodexError {
  override name = "OutputValidationError";
  override readonly code = "OUTPUT_INVALID";
  /** The turn's result; its `text` is the model's answer. */
  readonly result: TurnResult;
  readonly issues: readonly OutputIssue[];

  constructor(result: TurnResult, issues: readonly OutputIssue[]) {
    const list = issues.map(({ message, path }) => `${pathText(path)}${message}`).join("; ");
    super(`The answer of turn ${result.turnId} doesn't match its output schema: ${list}`);
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
  const details = additionalDetails ? ` ${quoted(additionalDetails)}` : "";
  return kind ? `${details} (${kind})` : details;
}

/** What to do if the model's endpoint rejects the turn because no one is logged in. */
function loginHint(error: TurnError | null): string {
  const info: unknown = error?.codexErrorInfo;
  const codes = isRecord(info) ? Object.values(info) : [];
  const isRefused =
    info === "unauthorized" || codes.some((one) => isRecord(one) && one.httpStatusCode === 401);
  if (!isRefused) return "";
  return (
    ". The model's endpoint refused the login, or you aren't logged in: run `codex login`, " +
    "call codex.account.login({ apiKey }), or set the apiKey option"
  );
}

/** The error's message, quoted. A server may send anything in its place. */
function quoted(message: unknown): string {
  return typeof message === "string" ? quoteForeign(message, MAX_QUOTED) : describe(message);
}
