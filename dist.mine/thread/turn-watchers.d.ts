import type { TurnRecord } from "../turn/turn-record.js";
/** Waits for a turn which the response to its request doesn't name. */
export interface TurnWatcher extends Disposable {
    /** Undefined when the thread proves to be idle without a new turn. */
    readonly record: Promise<TurnRecord | undefined>;
    /** The turn that has begun so far. */
    readonly seen: TurnRecord | undefined;
}
/** Those who wait for the next turn that begins on a thread. */
export declare class TurnWatchers {
    #private;
    get isEmpty(): boolean;
    add(): TurnWatcher;
    /** A turn has begun, or none will. */
    resolve(record: TurnRecord | undefined): void;
    reject(reason: unknown): void;
}
//# sourceMappingURL=turn-watchers.d.ts.map