import type { Session } from "../session/session.cjs";
import type { RequestOptions } from "../thread/thread-server.cjs";
import type { ThreadState } from "../thread/thread-state.cjs";
import type { Schedule } from "../timeline/schedule.cjs";
import type { ThreadView } from "../timeline/views.cjs";
export interface ThreadTimelineOptions extends RequestOptions {
    /** How many turns of the history are read at first, and by each `loadOlder()`. Default 20. */
    readonly pageSize?: number | undefined;
    /**
     * When subscribers are called: `requestAnimationFrame`, for instance. Default: at the end of the
     * event loop's turn.
     */
    readonly schedule?: Schedule | undefined;
}
export interface LoadOlderOptions extends RequestOptions {
    /** Default: the thread itself. The id of a sub-agent's thread loads that one's turns. */
    readonly threadId?: string | undefined;
}
/**
 * A thread as a screen can draw it, kept up to date: its newest turns from the history, and what the
 * server sends since, no matter who started the turn, its sub-agents included. After a lost connection it
 * reads what it has missed. Close it when it is no longer shown.
 *
 * @example
 * using timeline = await thread.timeline();
 * timeline.subscribe(() => console.log(timeline.snapshot.turns.at(-1)));
 */
export declare class ThreadTimeline implements Disposable {
    #private;
    readonly threadId: string;
    private constructor();
    /** Called by `Thread.timeline`. */
    static open(session: Session, state: ThreadState, options: ThreadTimelineOptions): Promise<ThreadTimeline>;
    /** What is known now. Parts that have not changed since the last snapshot are the same objects. */
    get snapshot(): ThreadView;
    /**
     * Calls the listener after changes, once for all of those of one turn of the event loop. Returns
     * what stops it. If the listener throws, there is a warning.
     */
    subscribe(listener: () => void): () => void;
    /**
     * Reads one more page of older turns: `thread/turns/list`. Resolves with false when there are none.
     * @throws RequestTimeoutError, TransportClosedError if the server doesn't answer.
     */
    loadOlder(options?: LoadOlderOptions): Promise<boolean>;
    /** Ends the updates; the last snapshot stays. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
}
//# sourceMappingURL=thread-timeline.d.ts.map