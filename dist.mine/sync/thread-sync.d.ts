import type { Goal } from "../client/goal.js";
import type { Thread } from "../client/thread.js";
import type { ThreadTimelineOptions } from "../client/thread-timeline.js";
import type { TurnInput, TurnOptions, TurnOutput } from "../client/turn-params.js";
import type { Schema } from "../input/schema.js";
import type { TurnResult } from "../turn/result.js";
import type { Blocking, Result } from "./blocking.js";
import type { RemoteObject } from "./remote-object.js";
import type { ThreadTimelineSync } from "./thread-timeline-sync.js";
import type { TurnSync } from "./turn-sync.js";
type Mirrored = {
    thread: ThreadSync;
    turn: TurnSync<unknown>;
    timeline: ThreadTimelineSync;
};
/** A `Thread` whose methods block until they can return their results. */
export declare class ThreadSync implements Blocking<Thread, Mirrored> {
    #private;
    readonly id: string;
    /** The thread's goal. See `Thread.goal`. */
    readonly goal: Blocking<Goal, Mirrored>;
    /**
     * Created by `CodexSync.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`.
     * @internal
     */
    constructor(id: string, remote: RemoteObject);
    /** Starts a turn: `turn/start`. Returns when the server has accepted it. See `Thread.turn`. */
    turn<const S extends Schema | undefined = undefined>(input: TurnInput, options?: TurnOptions<S>): TurnSync<TurnOutput<S>>;
    /** Starts a turn and waits for its result. See `Thread.run`. */
    run<const S extends Schema | undefined = undefined>(input: TurnInput, options?: TurnOptions<S>): TurnResult<TurnOutput<S>>;
    /** Starts a review of changes as a turn: `review/start`. See `Thread.review`. */
    review(...args: Parameters<Thread["review"]>): TurnSync<undefined>;
    /** Runs a command in the thread's shell as a turn: `thread/shellCommand`. See `Thread.shell`. */
    shell(...args: Parameters<Thread["shell"]>): TurnSync<undefined>;
    /** Adds a message to the server's own queue: `thread/queue/add`. See `Thread.queue`. */
    queue(...args: Parameters<Thread["queue"]>): Result<Thread["queue"]>;
    /** Returns the turn that is running, no matter who started it. See `Thread.activeTurn`. */
    activeTurn(...args: Parameters<Thread["activeTurn"]>): TurnSync<undefined> | undefined;
    /** Calls `listener` with every turn that starts, while a call waits. Dispose of the result to stop. */
    onTurn(listener: (turn: TurnSync<unknown>) => void): Disposable;
    /** Iterates over the thread's turns: `thread/turns/list`. See `Thread.turns`. */
    turns(...args: Parameters<Thread["turns"]>): Result<Thread["turns"]>;
    /** Iterates over the thread's items: `thread/items/list`. See `Thread.items`. */
    items(...args: Parameters<Thread["items"]>): Result<Thread["items"]>;
    /** Returns the thread's sub-agents as a tree. See `Thread.agents`. */
    agents(...args: Parameters<Thread["agents"]>): Result<Thread["agents"]>;
    /** The tokens that the thread has used. See `Thread.usage`. */
    usage(...args: Parameters<Thread["usage"]>): Result<Thread["usage"]>;
    /** Removes a turn and all later ones from the history: `thread/revert`. See `Thread.revert`. */
    revert(...args: Parameters<Thread["revert"]>): Result<Thread["revert"]>;
    /** Removes the last turns from the history. See `Thread.rollback`. */
    rollback(...args: Parameters<Thread["rollback"]>): Result<Thread["rollback"]>;
    /** Changes settings for later turns: `thread/settings/update`. */
    updateSettings(...args: Parameters<Thread["updateSettings"]>): void;
    /** Changes what is stored about the thread: `thread/metadata/update`. */
    updateMetadata(...args: Parameters<Thread["updateMetadata"]>): Result<Thread["updateMetadata"]>;
    /** Deletes the thread with its history: `thread/delete`. */
    delete(...args: Parameters<Thread["delete"]>): void;
    /** Reads the thread from the server: `thread/read`. See `Thread.read`. */
    read(...args: Parameters<Thread["read"]>): Result<Thread["read"]>;
    /** The thread as a screen can draw it. See `Thread.timeline`. */
    timeline(options?: Omit<ThreadTimelineOptions, "schedule">): ThreadTimelineSync;
    /** Names the thread: `thread/name/set`. */
    setName(...args: Parameters<Thread["setName"]>): Result<Thread["setName"]>;
    /** Compacts the thread's history: `thread/compact/start`. See `Thread.compact`. */
    compact(...args: Parameters<Thread["compact"]>): Result<Thread["compact"]>;
    /** Archives the thread: `thread/archive`. A running turn ends as interrupted. */
    archive(...args: Parameters<Thread["archive"]>): Result<Thread["archive"]>;
    /** Creates a thread with this one's history: `thread/fork`. See `Thread.fork`. */
    fork(...args: Parameters<Thread["fork"]>): ThreadSync;
    /** Stops the notifications of this thread: `thread/unsubscribe`. See `Thread.unsubscribe`. */
    unsubscribe(...args: Parameters<Thread["unsubscribe"]>): Result<Thread["unsubscribe"]>;
}
export {};
//# sourceMappingURL=thread-sync.d.ts.map