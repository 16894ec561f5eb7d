import type { TurnRecord } from "../turn/turn-record.js";
import type { LiveTurns } from "./live-turns.js";
import { type TurnWatcher } from "./turn-watchers.js";
/** The place of a thread's next turn; disposing of it lets the next caller have it. */
export interface StartSlot extends Disposable {
    /** Aborts when the thread is at work after all: what hasn't been sent must not be sent. */
    readonly taken: AbortSignal;
}
/** What the starts need from the thread that they belong to. */
export interface StartsOwner {
    readonly turns: LiveTurns;
    readonly hasHandles: boolean;
    /** Asks the server whether the thread is at work. Never rejects. */
    askWhetherActive(): Promise<void>;
    /** A start is over, whatever came of it. */
    startFinished(): void;
    /** The thread may be idle and unreferenced now. */
    settled(): void;
}
/**
 * Who may start the next turn of a thread, and when: one start at a time, in order of arrival, and
 * only while nothing shows that the thread is at work.
 */
export declare class ThreadStarts {
    #private;
    constructor(owner: StartsOwner);
    /** Why no start is admitted until the thread is resumed. */
    get refusal(): Error | undefined;
    /** Whether the server last reported the thread as active. */
    get isActive(): boolean;
    /** Counts what was begun here: an answer to an earlier question doesn't know of it. */
    get changes(): number;
    /** Counts the signs that a turn runs. */
    get signs(): number;
    /** Whether a start of ours is on its way. */
    get isStarting(): boolean;
    /** Whether the thread is at work, or about to be. */
    get isAtWork(): boolean;
    /** Whether the holder of the slot may start a turn now. */
    get isFree(): boolean;
    /**
     * Waits until the thread is free, in order of arrival. Rejects with the signal's reason, or with
     * why the thread admits no turns.
     */
    acquire(signal?: AbortSignal): Promise<StartSlot>;
    /**
     * The next turn that begins on the thread. To be called before the request that starts it is sent;
     * dispose of it when it isn't needed.
     */
    nextTurn(): TurnWatcher;
    /** A request was answered that has started a turn, or will soon, which the response doesn't name. */
    expectTurn(): void;
    /** Holds starts back while `work` waits for an answer that says whether the thread is active. */
    whileAsking<T>(work: () => Promise<T>): Promise<T>;
    /** The status that the server reports: of its own accord, or when it was asked. */
    report(type: unknown, asked: boolean): void;
    /** What became of a turn can't be known: starts wait until the server says that the thread is idle. */
    believeActive(): void;
    /** The server was asked and says that the thread is idle: what was believed is out of date. */
    confirmIdle(): void;
    /** A turn has begun. */
    sawStart(record: TurnRecord): void;
    /** A turn has ended. */
    sawEnd(isInterrupted: boolean): void;
    /** The server's own queue has changed. Whether somebody has to ask what is in it. */
    queueChanged(): boolean;
    queueIsEmpty(): void;
    /** The connection was lost: what was known of the activity is out of date. */
    connectionLost(reason: Error): void;
    /** Ends all waits with this reason, and admits no starts until `reopen`. */
    refuse(reason: Error): void;
    reopen(): void;
    /** To be called when anything has changed: admits the next start if the thread is free. */
    update(): void;
}
//# sourceMappingURL=thread-starts.d.ts.map