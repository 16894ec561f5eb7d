import { delay } from "../util/abort.cjs";
import { type Check } from "../util/checks.cjs";
export interface RetryOptions {
    /** Number of attempts in all. Default 3. */
    readonly maxAttempts?: number | undefined;
    /** Delay before the second attempt, in milliseconds; it doubles with each. Default 250. */
    readonly initialDelayMs?: number | undefined;
    /** The longest delay between two attempts, in milliseconds. Default 2000. */
    readonly maxDelayMs?: number | undefined;
    /** Random share of each delay, from 0 to 1. Default 0.2. */
    readonly jitterRatio?: number | undefined;
    /** Stops retrying; the call rejects with the signal's reason. */
    readonly signal?: AbortSignal | undefined;
}
/** The checks of `RetryOptions`, by member. */
export declare const RETRY_CHECKS: Readonly<Record<keyof RetryOptions, Check>>;
/**
 * Repeats `operation` while it fails because the server or the model was overloaded, with
 * exponential backoff and jitter. Rethrows the last error.
 * @throws TypeError for an unknown option, or one of the wrong type.
 */
export declare function retryOnOverload<T>(operation: () => Promise<T> | T, options?: RetryOptions): Promise<T>;
/** Repeats `operation` while it fails with an error that `retryIf` accepts. Rethrows the last error. */
export declare function repeatWhile<T>(retryIf: (error: unknown) => boolean, operation: () => Promise<T> | T, options?: RetryOptions & {
    readonly pause?: typeof delay;
}): Promise<T>;
/** Whether the error means that the server or the model was overloaded, so that a retry makes sense. */
export declare function isRetryableError(error: unknown): boolean;
/** Whether the server refused the request without processing it, so that it can't be carried out twice. */
export declare function isServerBusy(error: unknown): boolean;
//# sourceMappingURL=retry.d.ts.map