import { type Backoff, backoffDelay } from "../util/backoff.ts";

/** How a lost connection to a server that goes on is made again. */
export interface ReconnectOptions extends Partial<Backoff> {
  /** How many tries in a row may fail before the client gives up. Default 20. */
  readonly maxAttempts?: number | undefined;
  /** Stops the reconnecting; the client closes. */
  readonly signal?: AbortSignal | undefined;
}

/** How a server process of our own that has died is started again. */
export interface RestartOptions {
  /** How often it may be started again within `withinMs` before the client gives up. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** In milliseconds. Default 60,000. */
  readonly withinMs?: number | undefined;
  readonly backoff?: Partial<Backoff> | undefined;
}

/** Says how long to wait before the next try after a loss; undefined to give up. */
export interface RecoveryPolicy {
  /** `attempt` counts from 1 at each loss. In milliseconds. */
  delayBefore(attempt: number): number | undefined;
  readonly signal: AbortSignal | undefined;
}

const RECONNECT_BACKOFF: Backoff = { initialDelayMs: 50, maxDelayMs: 5_000, jitterRatio: 0.2 };
const RESTART_BACKOFF: Backoff = { initialDelayMs: 100, maxDelayMs: 5_000, jitterRatio: 0.2 };

export function reconnectPolicy(options: ReconnectOptions = {}): RecoveryPolicy {
  const { maxAttempts = 20, signal, ...backoff } = options;
  return {
    signal,
    delayBefore: (attempt) =>
      attempt > maxAttempts
        ? undefined
        : backoffDelay(attempt, { ...RECONNECT_BACKOFF, ...backoff }),
  };
}

/** A server that dies again and again is not started for ever: the guard counts all its restarts. */
export function restartPolicy(options: RestartOptions = {}): RecoveryPolicy {
  const { maxRestarts = 3, withinMs = 60_000, backoff } = options;
  let restarts: number[] = [];
  return {
    signal: undefined,
    delayBefore: (attempt) => {
      const now = performance.now();
      restarts = restarts.filter((time) => now - time < withinMs);
      if (restarts.length >= maxRestarts) return undefined;
      restarts.push(now);
      return backoffDelay(attempt, { ...RESTART_BACKOFF, ...backoff });
    },
  };
}
