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

/** Of the server's own message on a failed turn, in an error. */
const MAX_QUOTED = 1_000;

/** How a turn ended, and what the agent said and did in it. */
export class TurnResult<Output = unknown> {
  readonly threadId: string;
  readonly turnId: string;
  readonly status: TurnStatus;
  /** Why a failed turn failed. */
  readonly error: TurnError | null;
  /**
   * The final answer: the last agent message of phase `final_answer`, else the last without a
   * phase; "" if none. In a turn that did not complete, a message that was cut off counts with the
   * text that was streamed of it.
   */
  readonly text: string;
  /**
   * The completed items, in the order in which they were completed. In a turn that did not
   * complete, the unfinished items follow, in the order in which they were started: each as it
   * last was, with the text, output or reasoning that was streamed of it.
   */
  readonly items: readonly ThreadItem[];
  /** The last token usage that the server reported for this turn. Sub-agents have usage of their own, which isn't included. */
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  /** What `text` says, parsed and validated by the turn's `outputSchema`; undefined unless the turn completed. */
  readonly output: Output | undefined;
  /** In whole seconds; null if the server doesn't report it. */
  readonly startedAt: Date | null;
  /** In whole seconds; null if the server doesn't report it. */
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
   * This result, if the turn completed.
   * @throws TurnFailedError when it failed or was interrupted.
   */
  throwIfFailed(): CompletedTurnResult<Output> {
    if (this.status !== "completed") throw new TurnFailedError(this);
    return this as CompletedTurnResult<Output>;
  }
}

/** The result of a turn that completed, so that `output` is set. */
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
  /** What the server said of a failed turn; null for an interrupted one. */
  readonly error: TurnError | null;

  constructor(result: TurnResult) {
    const { turnId, threadId, status, error } = result;
    const why = error ? `: ${quoted(error.message)}${detailOf(error)}` : "";
    super(`Turn ${turnId} of thread ${threadId} ${ending(status)}${why}${loginHint(error)}`);
    this.result = result;
    this.error = error;
  }
}

/** The turn completed, and its text doesn't match the `outputSchema`. */
export class OutputValidationError extends CodexError {
  override name = "OutputValidationError";
  override readonly code = "OUTPUT_INVALID";
  /** The turn's result, whose `text` is what the model said. */
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

/** What to do if the model's endpoint takes the turn for one of nobody. */
function loginHint(error: TurnError | null): string {
  const info: unknown = error?.codexErrorInfo;
  const codes = isRecord(info) ? Object.values(info) : [];
  const isRefused =
    info === "unauthorized" || codes.some((one) => isRecord(one) && one.httpStatusCode === 401);
  if (!isRefused) return "";
  return (
    ". The model's endpoint refused the login, or there is none: run `codex login`, " +
    "call codex.account.login({ apiKey }), or set the option apiKey"
  );
}

/** A server may send anything where its message belongs. */
function quoted(message: unknown): string {
  return typeof message === "string" ? quoteForeign(message, MAX_QUOTED) : describe(message);
}
