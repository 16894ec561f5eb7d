import { type Schedule } from "./schedule.js";
import type { ThreadView } from "./views.js";
export interface TimelineOptions {
    /**
     * When subscribers are called: `requestAnimationFrame`, for instance. Default: at the end of the
     * event loop's turn.
     */
    readonly schedule?: Schedule | undefined;
    /** Called with what a subscriber throws. Default: it is thrown as if nobody had caught it. */
    readonly onError?: ((error: unknown) => void) | undefined;
}
/** A notification of the server, as it was received. */
export interface TimelineNotification {
    readonly method: string;
    readonly params?: unknown;
    readonly emittedAtMs?: unknown;
}
/**
 * Turns a thread's notifications and its stored turns into a view that a screen can draw. Both can
 * come in any order and more than once; those of other threads are ignored, unless they are
 * sub-agents of this one. Does no I/O, and runs in browsers.
 *
 * @example
 * const timeline = new Timeline(thread.id);
 * const { thread: stored } = await thread.read({ includeTurns: true });
 * timeline.merge(stored.turns);
 * timeline.subscribe(() => console.log(timeline.snapshot));
 * for await (const notification of codex.notifications()) timeline.apply(notification);
 */
export declare class Timeline {
    #private;
    readonly threadId: string;
    constructor(threadId: string, options?: TimelineOptions);
    /**
     * What is known now. Computed when it is read: parts that have not changed since the last time are
     * the same objects, and so is the whole.
     */
    get snapshot(): ThreadView;
    /** Calls the listener after changes, once for all of those of one turn of the event loop. Returns what stops it. */
    subscribe(listener: () => void): () => void;
    /** Takes a notification. Costs the same however much there is already. */
    apply(notification: TimelineNotification): void;
    /**
     * Takes turns of the history (`thread/turns/list`, `thread/read`), of this thread or of one of its
     * sub-agents. The history is whole only in turns with `itemsView: "full"`.
     */
    merge(turns: readonly unknown[], options?: {
        readonly threadId?: string;
        readonly hasOlder?: boolean;
    }): void;
    /** Takes the thread's record (`thread/read`, `thread/resume`), or that of one of its sub-agents. */
    setThread(record: unknown): void;
    /** Takes the thread's goal (`thread/goal/get`); null: it has none. */
    setGoal(goal: unknown): void;
    /**
     * Notifications may have been lost, of this thread or of one of its sub-agents: merge its newest
     * turns. What is streamed shows no more text until it has ended, because that might not continue.
     */
    missed(threadId?: string): void;
    /** The turns of a thread of which something was lost, and that the history has not brought since. */
    gaps(threadId?: string): readonly string[];
    /** The status of this thread or of one of its sub-agents. */
    statusOf(threadId: string): ThreadView["status"];
    /** The threads of the sub-agents, of all levels. */
    get agentThreadIds(): readonly string[];
}
//# sourceMappingURL=timeline.d.ts.map