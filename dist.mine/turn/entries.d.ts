import type { Notification } from "../rpc/messages.js";
import type { DeltaRun } from "./delta-run.js";
import type { DeltaPart } from "./deltas.js";
/** The deltas between two other notifications, one run for each part of an item. */
export declare class DeltaGroup {
    #private;
    readonly runs: DeltaRun[];
    get isFull(): boolean;
    runOf(part: DeltaPart): DeltaRun | undefined;
    /** All waiting readers have been given what has arrived. */
    settle(): void;
    /** Nothing more comes to the group. */
    close(): void;
    add(run: DeltaRun): void;
}
/**
 * One place in a log. It refers to what follows and not to what precedes it, so what every reader
 * has passed can be garbage-collected.
 */
export declare class Entry {
    /** Undefined where there is nothing to read. */
    content: Notification | DeltaGroup | undefined;
    next: Entry | undefined;
    /** Set only in a log that retains everything. */
    previous: Entry | undefined;
    constructor(content?: Notification | DeltaGroup);
    /** Leaves the log. A reader that stands here still finds what comes after it. */
    remove(): void;
}
//# sourceMappingURL=entries.d.ts.map