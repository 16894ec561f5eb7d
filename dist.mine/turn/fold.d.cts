import type { ThreadItem, ThreadTokenUsageUpdatedNotification, TurnError, TurnStatus } from "../protocol/index.cjs";
import type { Notification } from "../rpc/messages.cjs";
import { type StreamedDeltas } from "./unfinished.cjs";
/** All that is known of a turn. */
export interface TurnState {
    readonly status: TurnStatus;
    readonly error: TurnError | null;
    /** The final answer, or what was streamed of it; see `finalText`. */
    readonly text: string;
    /**
     * The completed items in the order in which they were completed. Unless the turn has completed,
     * the unfinished ones follow in the order in which they were started, with their state and the
     * text that was streamed of them.
     */
    readonly items: readonly ThreadItem[];
    readonly usage: ThreadTokenUsageUpdatedNotification | null;
    /** Unix time in seconds. */
    readonly startedAt: number | null;
    /** Unix time in seconds. */
    readonly completedAt: number | null;
    readonly durationMs: number | null;
}
/**
 * Collects what a turn's notifications say, in whatever order and however they came; ignores what
 * it does not know. Deltas stay in the log; the fold asks for their text when its state is read.
 */
export declare class TurnFold {
    #private;
    /** `deltas` has the deltas of the same turn. */
    constructor(deltas?: StreamedDeltas);
    apply({ method, params }: Notification): void;
    /** An item as it was last seen, completed or not. */
    item(id: string): ThreadItem | undefined;
    /** All items, as they were last seen, in the order in which they were started. */
    items(): ThreadItem[];
    /** The ids of items that were started and not completed. */
    openItems(): string[];
    isCompleted(itemId: string): boolean;
    /** Puts the completed items into this order; those that it does not name go last. */
    arrange(itemIds: readonly string[]): void;
    /** What is known now, computed when it is asked for. */
    get state(): TurnState;
}
/**
 * The turn's answer: the last agent message of phase `final_answer`; if there is none, the last
 * without a phase. Commentary never counts.
 */
export declare function finalText(items: readonly ThreadItem[]): string;
//# sourceMappingURL=fold.d.ts.map