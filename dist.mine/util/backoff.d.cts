import { type Check } from "./checks.cjs";
/** How delays between attempts grow: doubling from the first to the longest, each with jitter. */
export interface Backoff {
    /** In milliseconds. */
    readonly initialDelayMs: number;
    /** In milliseconds. */
    readonly maxDelayMs: number;
    /** Random share of each delay, from 0 to 1. */
    readonly jitterRatio: number;
}
/** How long to wait between two attempts. */
export interface BackoffOptions {
    /** Delay before the first attempt, in milliseconds; it doubles with each. */
    readonly initialDelayMs?: number | undefined;
    /** The longest delay between two attempts, in milliseconds. */
    readonly maxDelayMs?: number | undefined;
    /** Random share of each delay, from 0 to 1. Default 0.2. */
    readonly jitterRatio?: number | undefined;
}
export declare const BACKOFF_CHECKS: Readonly<Record<keyof BackoffOptions, Check>>;
/** The options, with a default for each that isn't set. */
export declare function backoffOf(options: BackoffOptions, defaults: Backoff): Backoff;
/** The delay before attempt `attempt` + 1, in milliseconds; `attempt` counts from 1. */
export declare function backoffDelay(attempt: number, backoff: Backoff): number;
//# sourceMappingURL=backoff.d.ts.map