/** Who is woken by `Wakes`. */
export interface Sleeper {
    wake(): void;
}
/**
 * Wakes readers together at the end of the event loop's iteration, so that deltas which the server
 * sent in quick succession cost each reader one wake-up. In a flood for many readers, one wake-up
 * covers several iterations.
 */
export declare class Wakes {
    #private;
    add(sleeper: Sleeper): void;
    /** Something has arrived for a sleeper. */
    flow(): void;
}
//# sourceMappingURL=wakes.d.ts.map