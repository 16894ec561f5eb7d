import { type BackoffOptions } from "../util/backoff.js";
import { type Check } from "../util/checks.js";
/** How a lost connection to a server that keeps running is re-established. Delays grow from 50 ms to 5 s. */
export interface ReconnectOptions extends BackoffOptions {
    /** How many attempts in a row may fail before the client gives up. Default 20. */
    readonly maxAttempts?: number | undefined;
    /** Stops reconnecting; the client closes. */
    readonly signal?: AbortSignal | undefined;
}
/** How a server process of this client that has died is restarted. Delays grow from 100 ms to 5 s. */
export interface RestartOptions extends BackoffOptions {
    /** How often it is restarted within `withinMs` before the client gives up. Default 3. */
    readonly maxRestarts?: number | undefined;
    /** In milliseconds. Default 60,000. */
    readonly withinMs?: number | undefined;
    /** Stops restarting; the client closes. */
    readonly signal?: AbortSignal | undefined;
}
export declare const RECONNECT_CHECKS: Readonly<Record<keyof ReconnectOptions, Check>>;
export declare const RESTART_CHECKS: Readonly<Record<keyof RestartOptions, Check>>;
/** Decides whether and when to try again after a lost connection. */
export interface RecoveryPolicy {
    /** Delay before this attempt, in milliseconds; undefined to give up. `attempt` counts losses in a row, from 1. */
    delayBefore(attempt: number): number | undefined;
    /** Describes what was tried before the client gave up. */
    readonly gaveUp: (attempts: number) => string;
    readonly signal: AbortSignal | undefined;
}
export declare function reconnectPolicy(options?: ReconnectOptions): RecoveryPolicy;
/** Counts all restarts, so that a server that keeps dying isn't restarted for ever. */
export declare function restartPolicy(options?: RestartOptions): RecoveryPolicy;
//# sourceMappingURL=recovery-policy.d.ts.map