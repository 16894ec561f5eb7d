import { type Backoff, backoffDelay } from "../util/backoff.ts";

/** How a lost connection to a server that keeps running is re-established. */
export interface ReconnectOptions extends Partial<Backoff> {
  /** How many attempts in a row may fail before the client gives up. Default 20. */
  readonly maxAttempts?: number | undefined;
  /** Stops reconnecting; the client closes. */
  readonly signal?: AbortSignal | undefined;
}

/** How a server process of this client that has died is restarted. */
export interface RestartOptions {
  /** How often it is restarted within `withinMs` before the client gives up. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** In milliseconds. Default 60,000. */
  readonly withinMs?: number | undefined;
  readonly backoff?: Partial<Backoff> | undefined;
}

/** Decides whether and when to try again after a lost connection. */
export interface RecoveryPolicy {
  /** Delay before this attempt, in milliseconds; undefined to give up. `attempt` counts losses in a row, from 1. */
  delayBefore(attempt: number): number | undefined;
  /** Describes what was tried before the client gave up. */
  readonly gaveUp: (attempts: number) => string;
  readonly signal: AbortSignal | undefined;
}

const RECONNECT_BACKOFF: Backoff = { initialDelayMs: 50, maxDelayMs: 5_000, jitterRatio: 0.2 };
const RESTART_BACKOFF: Backoff = { initialDelayMs: 100, maxDelayMs: 5_000, jitterRatio: 0.2 };

export function reconnectPolicy(options: ReconnectOptions = {}): RecoveryPolicy {
  const { maxAttempts = 20, signal, ...backoff } = options;
  return {
    signal,
    gaveUp: (attempts) => `Reconnecting failed after ${attempts} attempts`,
    delayBefore: (attempt) =>
      attempt > maxAttempts
        ? undefined
        : backoffDelay(attempt, { ...RECONNECT_BACKOFF, ...backoff }),
  };
}

/** Counts all restarts, so that a server that keeps dying isn't restarted for ever. */
export function restartPolicy(options: RestartOptions = {}): RecoveryPolicy {
  const { maxRestarts = 3, withinMs = 60_000, backoff } = options;
  let restarts: number[] = [];
  return {
    signal: undefined,
    gaveUp: () =>
      `The server was restarted ${maxRestarts} times within ${withinMs} ms and is not restarted again`,
    delayBefore: (attempt) => {
      const now = performance.now();
      restarts = restarts.filter((time) => now - time < withinMs);
      if (restarts.length >= maxRestarts) return undefined;
      restarts.push(now);
      return backoffDelay(attempt, { ...RESTART_BACKOFF, ...backoff });
    },
  };
}
