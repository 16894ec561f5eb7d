import type { ThreadGoal } from "../protocol/index.js";
import type { Session } from "../session/session.js";
import type { RequestOptions } from "../thread/thread-server.js";
import type { ThreadState } from "../thread/thread-state.js";
import { TurnResult } from "../turn/result.js";
/** Options of a goal. */
export interface GoalOptions extends RequestOptions {
    /** The goal is given up when its turns have used so many tokens. Default: no limit. */
    readonly tokenBudget?: number | undefined;
}
/** What came of a goal. */
export interface GoalResult {
    /** The goal as it ended; null if it was cleared. */
    readonly goal: ThreadGoal | null;
    /** The turns that worked on it, in order. */
    readonly turns: readonly TurnResult[];
    /** The answer of the last turn. */
    readonly text: string;
}
/**
 * The goal of a thread: the server starts turns by itself until the goal is reached, paused or out
 * of budget.
 *
 * @example
 * const { text } = await thread.goal.run("Raise the test coverage to 90 %.");
 */
export declare class Goal {
    #private;
    /**
     * Created by `Thread`.
     * @internal
     */
    constructor(session: Session, thread: ThreadState);
    /** Returns the goal, null if there is none: `thread/goal/get`. */
    get(options?: RequestOptions): Promise<ThreadGoal | null>;
    /** Sets the goal and starts to work on it: `thread/goal/set`. Resolves when the server has taken it. */
    set(objective: string, options?: GoalOptions): Promise<ThreadGoal>;
    /** Stops starting turns for the goal: `thread/goal/set`. The running turn continues. */
    pause(options?: RequestOptions): Promise<ThreadGoal>;
    /** Continues to work on the goal: `thread/goal/set`. */
    resume(options?: RequestOptions): Promise<ThreadGoal>;
    /** Removes the goal: `thread/goal/clear`. */
    clear(options?: RequestOptions): Promise<void>;
    /**
     * Calls `listener` when the goal changes, with null when it is removed: `thread/goal/updated`,
     * `thread/goal/cleared`. Dispose of the result to stop.
     */
    onChange(listener: (goal: ThreadGoal | null) => void): Disposable;
    /**
     * Sets the goal, and waits until it is reached, paused, blocked, out of budget or removed.
     * Aborting pauses the goal and interrupts its turn.
     * @throws RequestTimeoutError after `timeoutMs`; the signal's reason if it aborts.
     */
    run(objective: string, options?: GoalOptions): Promise<GoalResult>;
}
//# sourceMappingURL=goal.d.ts.map