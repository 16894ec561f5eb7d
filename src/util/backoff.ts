/** How waits between tries grow: doubling from the first to the longest, each with some chance. */
export interface Backoff {
  /** In milliseconds. */
  readonly initialDelayMs: number;
  /** In milliseconds. */
  readonly maxDelayMs: number;
  /** How much of a wait is left to chance, from 0 to 1. */
  readonly jitterRatio: number;
}

/** The wait before try `attempt` + 1, in milliseconds; `attempt` counts from 1. */
export function backoffDelay(attempt: number, backoff: Backoff): number {
  const { initialDelayMs, maxDelayMs, jitterRatio } = backoff;
  const base = Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs);
  return base + base * jitterRatio * (2 * Math.random() - 1);
}
