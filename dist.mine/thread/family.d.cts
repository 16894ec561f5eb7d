import type { LiveTurns } from "./live-turns.cjs";
/** A thread, as its relatives see it. */
interface Relative<T> {
    readonly family: Family<T>;
    readonly turns: LiveTurns;
}
/** The threads that work for a thread, its sub-agents, and the one that it works for. */
export declare class Family<T> {
    #private;
    readonly children: Set<T>;
    constructor(self: T & Relative<T>);
    get parent(): T | undefined;
    /** This thread works for another, which has begun it in this turn. */
    workFor(parent: T & Relative<T>, turnId?: string): void;
    /** Whether a turn of this thread was started by another client of the server, as far as can be seen. */
    isOthers(turnId: string): boolean;
    /** Resolves if the turn proves to be this program's after all. */
    whenOurs(turnId: string): Promise<void>;
    /** The turn of the family's eldest that has led to this one, as far as that is known. */
    rootOf(turnId: string): {
        readonly thread: T;
        readonly turnId: string;
    } | undefined;
    /**
     * A turn begins: whether it works for a turn that was stopped meanwhile. Where it doesn't name that
     * turn, the first one works for the turn that has begun this thread.
     */
    beginsForStopped(rootTurnId: unknown): boolean;
    /** Whether this program has stopped that turn of the thread, or of those that it works for. */
    hasStopped(turnId: string): boolean;
}
export {};
//# sourceMappingURL=family.d.ts.map