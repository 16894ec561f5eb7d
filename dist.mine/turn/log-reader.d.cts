import type { Notification } from "../rpc/messages.cjs";
import { Entry } from "./entries.cjs";
/** What a reader needs of its log. */
export interface ReadLog {
    /** How it ended, if it has. */
    readonly ending: {
        readonly reason: unknown;
    } | undefined;
    /** Wakes the reader when there is more. It must not be waiting already. */
    wakeLater(reader: Wakeable): void;
    /** The reader wants no more. */
    leave(reader: Wakeable): void;
}
export interface Wakeable {
    /** There is more to read, or the log has ended. False when it still waits. */
    wake(): boolean;
    /** The log's own: the next of the readers that wait. */
    nextWaiting: Wakeable | undefined;
}
type Result<T> = IteratorResult<T, undefined>;
/**
 * One reader's place in a log. Iterate it once. It is written by hand, because a generator would
 * cost two more promises for each notification, and its `return()` would wait for the next one.
 */
export declare class LogReader<T = Notification> implements AsyncGenerator<T, undefined>, Wakeable {
    #private;
    nextWaiting: Wakeable | undefined;
    /** Reads what follows `entry`. The reader yields what `pick` returns, and skips undefined. */
    constructor(log: ReadLog, entry: Entry, pick: (notification: Notification) => T | undefined);
    wake(): boolean;
    next(): Promise<Result<T>>;
    return(): Promise<Result<T>>;
    throw(error: unknown): Promise<Result<T>>;
    [Symbol.asyncDispose](): Promise<void>;
    [Symbol.asyncIterator](): this;
}
export {};
//# sourceMappingURL=log-reader.d.ts.map