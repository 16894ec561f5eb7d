/** How delays between attempts grow: doubling from the first to the longest, each with jitter. */
export interface Backoff {
  /** In milliseconds. */
  readonly initialDelayMs: number;
  /** In milliseconds. */
  readonly maxDelayMs: number;
  /** Random share of each delay, from 0 to 1. */
  readonly jitterRatio: number;
}

/** The delay before attempt `attempt` + 1, in milliseconds; `attempt` counts from 1. */
export function backoffDelay(attempt: number, backoff: Backoff): number {
  const { initialDelayMs, maxDelayMs, jitterRatio } = backoff;
  const base = Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs);
  return base + base * jitterRatio * (2 * Math.random() - 1);
}
