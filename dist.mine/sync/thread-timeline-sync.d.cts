import type { ThreadTimeline } from "../client/thread-timeline.cjs";
import type { ThreadView } from "../timeline/views.cjs";
import type { Blocking, Mirrors, Result } from "./blocking.cjs";
import type { RemoteObject } from "./remote-object.cjs";
/**
 * A `ThreadTimeline` to be read whenever the program wants to. It has no `subscribe`: a thread that
 * blocks receives no events.
 */
export declare class ThreadTimelineSync implements Blocking<ThreadTimeline, Mirrors, "subscribe"> {
    #private;
    readonly threadId: string;
    /** Created by `ThreadSync.timeline`. */
    constructor(threadId: string, remote: RemoteObject);
    /** What is known now: a copy, of which no part is shared with the one before. */
    get snapshot(): ThreadView;
    /** Reads one more page of older turns; false when there are none. See `ThreadTimeline.loadOlder`. */
    loadOlder(...args: Parameters<ThreadTimeline["loadOlder"]>): Result<ThreadTimeline["loadOlder"]>;
    /** Ends the updates; the last snapshot stays. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
}
//# sourceMappingURL=thread-timeline-sync.d.ts.map