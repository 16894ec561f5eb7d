import type { Input } from "../input/input.js";
import type { Schema } from "../input/schema.js";
import type { QueuedSubmission, ReviewTarget, ThreadArchiveResponse, ThreadCompactStartResponse, ThreadItemEntry, ThreadMetadataUpdateParams, ThreadMetadataUpdateResponse, ThreadReadResponse, ThreadRevertResponse, ThreadSetNameResponse, ThreadSettingsUpdateParams, ThreadUnsubscribeResponse, TokenUsageBreakdown, TurnStartParams, Turn as WireTurn } from "../protocol/index.js";
import type { RequestOptions } from "../thread/thread-server.js";
import type { TurnResult } from "../turn/result.js";
import { type Agent } from "./agents.js";
import { Goal } from "./goal.js";
import { type TurnHost } from "./start.js";
import type { ThreadForkOptions, ThreadItemsOptions, ThreadTurnsOptions } from "./thread-options.js";
import type { ThreadTimeline, ThreadTimelineOptions } from "./thread-timeline.js";
import type { Turn, WaitOptions } from "./turn.js";
import type { TurnInput, TurnOptions, TurnOutput } from "./turn-params.js";
import type { Optional } from "./types.js";
/** What a thread needs from its client; not public. */
export interface ThreadInternals extends TurnHost {
    fork(threadId: string, options: ThreadForkOptions): Promise<Thread>;
}
/**
 * Starts a turn with params that are sent unchecked and unchanged, for callers that promise what
 * another client does.
 */
export declare let startUnchecked: (thread: Thread, params: Omit<TurnStartParams, "threadId">, options: WaitOptions) => Promise<Turn<undefined>>;
/**
 * A conversation with the agent. Its turns run one after another; different threads run in
 * parallel.
 *
 * @example
 * const result = await thread.run("What does this project do?", { timeoutMs: 600_000 });
 * console.log(result.throwIfFailed().text);
 */
export declare class Thread {
    #private;
    readonly id: string;
    /** The thread's goal, for which the server starts turns by itself. */
    readonly goal: Goal;
    /**
     * Created by `Codex.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`.
     * @internal
     */
    constructor(id: string, internals: ThreadInternals);
    /**
     * Starts a turn: `turn/start`. Resolves when the server has accepted it. While another turn of
     * this thread runs, it waits for its end; `signal` ends the wait too.
     * @throws InvalidInputError, InvalidSchemaError, TypeError before anything is sent.
     */
    turn<const S extends Schema | undefined = undefined>(input: TurnInput, options?: TurnOptions<S>): Promise<Turn<TurnOutput<S>>>;
    /**
     * Starts a turn and waits for its result: `turn(input, options)` and `Turn.run()` in one. A
     * message that the server merged into another turn, which didn't answer it, is sent again, up to
     * three times.
     * @throws What `turn()` and `Turn.run()` throw.
     */
    run<const S extends Schema | undefined = undefined>(input: TurnInput, options?: TurnOptions<S>): Promise<TurnResult<TurnOutput<S>>>;
    /**
     * Starts a review of changes, which is a turn like any other: `review/start`. Its text is the
     * review. While another turn runs, it waits for its end.
     */
    review(target: ReviewTarget, options?: RequestOptions): Promise<Turn<undefined>>;
    /**
     * Runs a command in the thread's shell, without a sandbox, as a turn: `thread/shellCommand`. The
     * agent sees it and its output. While another turn runs, it waits for its end.
     */
    shell(command: string, options?: RequestOptions): Promise<Turn<undefined>>;
    /**
     * Adds a message to the server's own queue, which it works on by itself when the thread is idle:
     * `thread/queue/add`. `onTurn` shows its turn.
     */
    queue(input: Input, options?: RequestOptions): Promise<QueuedSubmission>;
    /**
     * Returns the turn that is running, no matter who started it: a goal, another client, or this
     * program before it was restarted. `thread/turns/list`.
     */
    activeTurn(options?: RequestOptions): Promise<Turn<undefined> | undefined>;
    /** Calls `listener` with every turn that starts from now on, no matter who starts it. Dispose of the result to stop. */
    onTurn(listener: (turn: Turn<undefined>) => void): Disposable;
    /**
     * Iterates over the thread's turns with their items, fetching pages as needed:
     * `thread/turns/list`. Oldest first, unless `sortDirection` is "desc".
     */
    turns(options?: ThreadTurnsOptions): AsyncGenerator<WireTurn, undefined>;
    /**
     * Iterates over the thread's items, each with the id of its turn, fetching pages as needed:
     * `thread/items/list`. Oldest first, unless `sortDirection` is "desc". Needs a server of 0.169.
     */
    items(options?: ThreadItemsOptions): AsyncGenerator<ThreadItemEntry, undefined>;
    /** Returns the thread's sub-agents as a tree: `thread/list`, `thread/read`. */
    agents(options?: RequestOptions): Promise<Agent[]>;
    /** The tokens that the thread has used, as last reported to this client; without its sub-agents unless asked for. */
    usage(options?: {
        readonly withAgents?: boolean | undefined;
    }): TokenUsageBreakdown | undefined;
    /** Removes a turn and all later ones from the history: `thread/revert`. Files stay as they are. */
    revert(beforeTurnId: string, options?: RequestOptions): Promise<ThreadRevertResponse>;
    /**
     * Removes the last turns from the history: `thread/turns/list`, `thread/revert`. Files stay as
     * they are.
     * @throws RangeError if the thread has fewer turns.
     */
    rollback(turns: number, options?: RequestOptions): Promise<ThreadRevertResponse>;
    /** Returns the stored thread, with `includeTurns` all its turns too: `thread/read`, `thread/turns/list`. */
    read(options?: RequestOptions & {
        readonly includeTurns?: boolean | undefined;
    }): Promise<ThreadReadResponse>;
    /**
     * The thread as a screen can draw it, from its history and live: `thread/turns/list`, `thread/read`,
     * `thread/goal/get`. Close it when it is no longer shown.
     * @throws TypeError for an unknown option, or one of the wrong type.
     * @throws RequestTimeoutError, TransportClosedError if the server doesn't answer.
     *
     * @example
     * using timeline = await thread.timeline();
     * timeline.subscribe(() => console.log(timeline.snapshot.turns.at(-1)));
     */
    timeline(options?: ThreadTimelineOptions): Promise<ThreadTimeline>;
    /** Names the thread: `thread/name/set`. */
    setName(name: string, options?: RequestOptions): Promise<ThreadSetNameResponse>;
    /**
     * Compacts the thread's history: `thread/compact/start`. Waits while a turn runs, and resolves
     * when the compaction has ended.
     * @throws TurnFailedError if the compaction failed or was interrupted.
     */
    compact(options?: RequestOptions): Promise<ThreadCompactStartResponse>;
    /** Changes settings for later turns: `thread/settings/update`. */
    updateSettings(settings: Optional<Omit<ThreadSettingsUpdateParams, "threadId">>, options?: RequestOptions): Promise<void>;
    /** Changes what is stored about the thread, such as its Git branch: `thread/metadata/update`. */
    updateMetadata(metadata: Optional<Omit<ThreadMetadataUpdateParams, "threadId">>, options?: RequestOptions): Promise<ThreadMetadataUpdateResponse>;
    /** Deletes the thread with its history: `thread/delete`. */
    delete(options?: RequestOptions): Promise<void>;
    /** Archives the thread: `thread/archive`. A running turn ends as interrupted. */
    archive(options?: RequestOptions): Promise<ThreadArchiveResponse>;
    /** Starts a thread with the history of this one: `thread/fork`. It has this thread's tools, unless others are given. */
    fork(options?: ThreadForkOptions): Promise<Thread>;
    /**
     * Stops the notifications of this thread: `thread/unsubscribe`. A running turn continues on the
     * server, but its `run()` and `stream()` end with an error that says so. Further turns are
     * refused until the thread is resumed.
     */
    unsubscribe(options?: RequestOptions): Promise<ThreadUnsubscribeResponse>;
}
//# sourceMappingURL=thread.d.ts.map