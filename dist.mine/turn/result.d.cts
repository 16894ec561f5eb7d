import { CodexError } from "../errors/errors.cjs";
import type { OutputIssue } from "../errors/output-issue.cjs";
import type { ThreadItem, ThreadTokenUsageUpdatedNotification, TurnError, TurnStatus } from "../protocol/index.cjs";
import type { TurnState } from "./fold.cjs";
/** How a turn ended, and what the agent said and did in it. */
export declare class TurnResult<Output = unknown> {
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
    constructor(turn: {
        threadId: string;
        turnId: string;
    }, state: TurnState, output?: Output);
    /**
     * This result, if the turn completed.
     * @throws TurnFailedError when it failed or was interrupted.
     */
    throwIfFailed(): CompletedTurnResult<Output>;
}
/** The result of a turn that completed, so that `output` is set. */
export interface CompletedTurnResult<Output = unknown> extends TurnResult<Output> {
    readonly status: "completed";
    readonly output: Output;
}
/** The turn failed or was interrupted; thrown by `throwIfFailed`. */
export declare class TurnFailedError extends CodexError {
    name: string;
    readonly code = "TURN_FAILED";
    readonly result: TurnResult;
    /** What the server said of a failed turn; null for an interrupted one. */
    readonly error: TurnError | null;
    constructor(result: TurnResult);
}
/** The turn completed, and its text doesn't match the `outputSchema`. */
export declare class OutputValidationError extends CodexError {
    name: string;
    readonly code = "OUTPUT_INVALID";
    /** The turn's result, whose `text` is what the model said. */
    readonly result: TurnResult;
    readonly issues: readonly OutputIssue[];
    constructor(result: TurnResult, issues: readonly OutputIssue[]);
}
//# sourceMappingURL=result.d.ts.map