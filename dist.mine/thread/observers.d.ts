import type { Notification } from "../rpc/messages.js";
/** Is given what arrives for a thread and for those that work for it. None of these may throw. */
export interface ThreadObserver {
    /** A notification of one of the threads, in the order of the wire. */
    notified(notification: Notification): void;
    /** Notifications of this thread may have been lost. */
    missed(threadId: string): void;
    /** The server has answered that it sends this thread's notifications from now on. */
    subscribed(threadId: string): void;
    /** No more comes of this thread: it was unsubscribed from, or the client has ended. */
    refused?(threadId: string, reason: Error): void;
}
export interface ObserversOptions {
    /** The observers of the thread that this one works for: they see it too. */
    readonly ofParent: () => Observers | undefined;
    /** There is one more or one less. */
    readonly onChanged: () => void;
}
/** The observers of one thread. */
export declare class Observers {
    #private;
    constructor(options: ObserversOptions);
    /** Whether anybody observes the thread, or one that it works for. */
    get hasAny(): boolean;
    /** Gives the observer what arrives from now on for this thread and those that work for it. */
    add(observer: ThreadObserver): Disposable;
    tell(tell: (observer: ThreadObserver) => void): void;
}
//# sourceMappingURL=observers.d.ts.map