import { type Warn } from "../errors/warning.js";
type Listener<Args extends unknown[]> = (...args: Args) => unknown;
/** Listeners of one kind of event. If one throws or rejects, there is a warning, and the others are still called. */
export declare class Listeners<Args extends unknown[]> {
    #private;
    /** `what` names the event in warnings. */
    constructor(what: string, warn: Warn);
    get size(): number;
    /**
     * A function that is added twice is called twice; each disposal removes it once.
     * @throws TypeError if it isn't a function.
     */
    add(listener: Listener<Args>): Disposable;
    /** Calls those that listen now; one that is added meanwhile gets the next event. */
    tell(...args: Args): void;
}
export {};
//# sourceMappingURL=listeners.d.ts.map