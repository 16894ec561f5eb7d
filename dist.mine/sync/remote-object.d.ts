import type { Bridge, Entry } from "./bridge.js";
/** One of the worker's objects, whose methods are called from this thread. */
export declare class RemoteObject {
    #private;
    constructor(bridge: Bridge, target: number);
    /** Reads a property. */
    get(member: string): unknown;
    /**
     * Calls a method and waits for its result.
     * @param entry The public method that the user called: stacks of errors begin with its caller.
     */
    call(entry: Entry, member: string, args?: readonly unknown[]): unknown;
    /** The same for a method whose last parameter is options with a signal, which Ctrl-C aborts too. */
    callAbortable(entry: Entry, member: string, args: readonly unknown[]): unknown;
    /** Releases the object when this is collected. */
    releaseWhenCollected(): this;
    /** The object is no longer used: an iterator is closed, a subscription ended. */
    release(): void;
    /** Releases the signals that were given when the object was made: it has ended. */
    releaseSignals(): void;
}
//# sourceMappingURL=remote-object.d.ts.map