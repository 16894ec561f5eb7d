import { TransportClosedError } from "../errors/errors.cjs";
import type { ObjectReference } from "./messages.cjs";
import type { WorkerThread } from "./worker-thread.cjs";
/** A function of the public API: stacks of errors begin with its caller. */
export type Entry = (...args: never[]) => unknown;
/** A call of a method of one of the worker's objects, or a read of a property. */
export interface RemoteCall {
    readonly target: number;
    readonly member: string;
    readonly args: readonly unknown[];
    /** The last argument is an options object: Ctrl-C aborts its signal. */
    readonly abortable?: boolean;
}
/**
 * Sends calls to the worker, blocks until each is answered, and meanwhile runs the functions that
 * the worker asks for.
 *
 * It needs node:worker_threads only. Libraries that block a thread carry a call and its answer
 * (synckit), or need an event loop on both sides for callbacks (coincident, comlink); here the
 * worker calls functions of the blocked thread, which can make further blocking calls.
 */
export declare class Bridge {
    #private;
    /** `proxyOf` makes what stands in this thread for an object of the worker. */
    constructor(thread: WorkerThread, proxyOf: (object: ObjectReference, bridge: Bridge) => unknown);
    get ended(): boolean;
    /** The error that ended the worker; undefined while it serves, and after `end()`. */
    get failure(): TransportClosedError | undefined;
    /** How many entries each table has. */
    get sizes(): Readonly<Record<string, number>>;
    /** Creates the client. The signals among its options are used until the end. */
    open(entry: Entry, options: unknown): void;
    /** @throws what the worker's method threw, with the stack of the caller of `entry`; InterruptedError. */
    call(entry: Entry, { target, member, args, abortable }: RemoteCall): unknown;
    /** Releases the worker's object when `proxy` is collected, unless it is released before. */
    releaseWith(proxy: object, target: number): void;
    /** The worker's object is no longer used: an iterator is closed, a subscription ended. */
    release(proxy: object, target: number): void;
    /** The turn has ended, so the signals of its call can't matter any more. */
    releaseSignals(target: number): void;
    /** Ends the worker. Every later call is refused with this message. */
    end(message: string): void;
}
//# sourceMappingURL=bridge.d.ts.map