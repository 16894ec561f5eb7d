import {
  BACKOFF_CHECKS,
  type Backoff,
  type BackoffOptions,
  backoffDelay,
  backoffOf,
} from "../util/backoff.ts";
import { type Check, milliseconds, signal, wholeFrom } from "../util/checks.ts";

/** How a lost connection to a server that keeps running is re-established. Delays grow from 50 ms to 5 s. */
export interface ReconnectOptions extends BackoffOptions {
  /** How many consecutive attempts can fail before the client gives up. Default 20. */
  readonly maxAttempts?: number | undefined;
  /** Stops reconnecting; the client closes. */
  readonly signal?: AbortSignal | undefined;
}

/** How the client restarts its server process after it has died. Delays grow from 100 ms to 5 s. */
export interface RestartOptions extends BackoffOptions {
  /** How many restarts within `withinMs` are allowed before the client gives up. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** The period in which restarts are counted, in milliseconds. Default 60,000. */
  readonly withinMs?: number | undefined;
  /** Stops restarting; the client closes. */
  readonly signal?: AbortSignal | undefined;
}

export const RECONNECT_CHECKS: Readonly<Record<keyof ReconnectOptions, Check>> = {
  maxAttempts: wholeFrom(1),
  ...BACKOFF_CHECKS,
  signal,
};

export const RESTART_CHECKS: Readonly<Record<keyof RestartOptions, Check>> = {
  maxRestarts: wholeFrom(0),
  withinMs: milliseconds,
  ...BACKOFF_CHECKS,
  signal,
};

/** Decides whether and when to try again after a lost connection. */
export interface RecoveryPolicy {
  /**
   * Delay before this attempt, in milliseconds; undefined to give up. `attempt` counts consecutive
   * losses, from 1.
   */
  delayBefore(attempt: number): number | undefined;
  /** Describes the attempts that were made before the client gave up. */
  readonly gaveUp: (attempts: number) => string;
  readonly signal: AbortSignal | undefined;
}

const RECONNECT_BACKOFF: Backoff = { initialDelayMs: 50, maxDelayMs: 5_000, jitterRatio: 0.2 };
const RESTART_BACKOFF: Backoff = { initialDelayMs: 100, maxDelayMs: 5_000, jitterRatio: 0.2 };

export function reconnectPolicy(options: ReconnectOptions = {}): RecoveryPolicy {
  const { maxAttempts = 20, signal } = options;
  const backoff = backoffOf(options, RECONNECT_BACKOFF);
  return {
    signal,
    gaveUp: (attempts) => `Reconnecting failed after ${attempts} attempts`,
    delayBefore: (attempt) => (attempt > maxAttempts ? undefined : backoffDelay(attempt, backoff)),
  };
}

/** Counts all restarts, so that a server that keeps dying isn't restarted forever. */
export function restartPolicy(options: RestartOptions = {}): RecoveryPolicy {
  const { maxRestarts = 3, withinMs = 60_000, signal } = options;
  const backoff = backoffOf(options, RESTART_BACKOFF);
  let restarts: number[] = [];
  return {
    signal,
    gaveUp: () =>
      `The server was restarted ${maxRestarts} times within ${withinMs} ms and won't be restarted again`,
    delayBefore: (attempt) => {
      const now = performance.now();
      restarts = restarts.filter((time) => now - time < withinMs);
      if (restarts.length >= maxRestarts) return undefined;
      restarts.push(now);
      return backoffDelay(attempt, backoff);
    },
  };
}
