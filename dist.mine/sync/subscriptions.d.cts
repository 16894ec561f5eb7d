import type { Warn } from "../errors/warning.cjs";
import { Listeners } from "../session/listeners.cjs";
import type { Entry } from "./bridge.cjs";
import type { RemoteObject } from "./remote-object.cjs";
/** A method of an object of the worker that takes a listener as its last argument. */
export interface Subscribing {
    readonly remote: RemoteObject;
    /** The public method that the user called. */
    readonly entry: Entry;
    readonly member: string;
    readonly args: readonly unknown[];
    /** Names the event in warnings. */
    readonly what: string;
}
/** Listeners of the calling thread on objects of the worker. */
export declare class Subscriptions {
    #private;
    constructor(warn: Warn);
    /** Listeners of which those that throw cause a warning. */
    guarded<Args extends unknown[]>(what: string): Listeners<Args>;
    listen<Args extends unknown[]>({ remote, entry, member, args, what }: Subscribing, listener: (...args: Args) => void): Disposable;
}
//# sourceMappingURL=subscriptions.d.ts.map