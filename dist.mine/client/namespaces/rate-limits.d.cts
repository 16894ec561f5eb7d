import type { AccountRateLimitsUpdatedNotification, GetAccountRateLimitsResponse, RateLimitSnapshot } from "../../protocol/index.cjs";
/** How much of a limit is used. */
export interface RateLimit {
    /** Which limit it is, such as "codex"; undefined if the server doesn't name it. */
    readonly id: string | undefined;
    /** Its display name. */
    readonly name: string | undefined;
    /** "primary" is the short window, "secondary" the long one. */
    readonly window: "primary" | "secondary";
    /** From 0 to 100. */
    readonly usedPercent: number;
    /** Length of the window in milliseconds. */
    readonly windowMs: number | undefined;
    /** When the window starts over. */
    readonly resetsAt: Date | undefined;
}
/** The rate limits of an account. */
export interface RateLimits {
    readonly limits: readonly RateLimit[];
    /** What the server sent, which also has credits and spending limits. */
    readonly snapshots: readonly RateLimitSnapshot[];
}
/** All limits of the account. */
export declare function rateLimitsOf(answer: GetAccountRateLimitsResponse): RateLimits;
/** The limits that a notification names. */
export declare function rateLimitsUpdate(params: AccountRateLimitsUpdatedNotification): RateLimits;
//# sourceMappingURL=rate-limits.d.ts.map