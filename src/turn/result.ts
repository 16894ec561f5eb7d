import type {
  ThreadItem,
  ThreadTokenUsageUpdatedNotification,
  TurnError,
  TurnStatus,
} from "../protocol/index.ts";
import type { TurnState } from "./fold.ts";
import { TurnFailedError } from "./turn-errors.ts";
import type { TurnRecord } from "./turn-record.ts";

/** How a turn ended and what came of it. */
export interface TurnResult<Output = undefined> {
  readonly threadId: string;
  readonly turnId: string;
  readonly status: TurnStatus;
  /** Why a failed turn failed. */
  readonly error: TurnError | null;
  /** The final answer: the last agent message of phase `final_answer`, else the last without a phase; "" if none. */
  readonly text: string;
  /** The completed items, in the order in which they were completed. */
  readonly items: readonly ThreadItem[];
  /** The last token usage that the server told for this turn. */
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  /** What `text` says, parsed and validated by the turn's `outputSchema`; undefined unless the turn completed. */
  readonly output: Output | undefined;
  /** To the second; null where the server does not tell. */
  readonly startedAt: Date | null;
  /** To the second; null where the server does not tell. */
  readonly completedAt: Date | null;
  readonly durationMs: number | null;
  /**
   * This result, if the turn completed.
   * @throws TurnFailedError when it failed or was interrupted.
   */
  throwIfFailed(): CompletedTurnResult<Output>;
}

/** The result of a turn that completed: its output is there. */
export interface CompletedTurnResult<Output = undefined> extends TurnResult<Output> {
  readonly status: "completed";
  readonly output: Output;
}

class RecordedResult<Output> implements TurnResult<Output> {
  readonly threadId: string;
  readonly turnId: string;
  readonly status: TurnStatus;
  readonly error: TurnError | null;
  readonly text: string;
  readonly items: readonly ThreadItem[];
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  readonly output: Output | undefined;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly durationMs: number | null;

  constructor(threadId: string, turnId: string, state: TurnState, output: Output | undefined) {
    this.threadId = threadId;
    this.turnId = turnId;
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

  throwIfFailed(): CompletedTurnResult<Output> {
    if (this.status !== "completed") throw new TurnFailedError(this);
    return this as CompletedTurnResult<Output>;
  }
}

export function turnResult<Output>(
  { threadId, turnId }: Pick<TurnRecord, "threadId" | "turnId">,
  state: TurnState,
  output?: Output,
): TurnResult<Output> {
  return new RecordedResult(threadId, turnId, state, output);
}

function dateOf(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000);
}
