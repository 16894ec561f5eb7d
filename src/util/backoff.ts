import { type Check, milliseconds, ratio } from "./checks.ts";

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
  /** Delay before the first attempt, in milliseconds; it doubles with each attempt. */
  readonly initialDelayMs?: number | undefined;
  /** The longest delay between two attempts, in milliseconds. */
  readonly maxDelayMs?: number | undefined;
  /** How much each delay varies at random, from 0 to 1: 0.2 means by up to 20% in either direction. Default 0.2. */
  readonly jitterRatio?: number | undefined;
}

export const BACKOFF_CHECKS: Readonly<Record<keyof BackoffOptions, Check>> = {
  initialDelayMs: milliseconds,
  maxDelayMs: milliseconds,
  jitterRatio: ratio,
};

const MOST_DOUBLINGS = 1_000;

/** The options, with a default for each that isn't set. */
export function backoffOf(options: BackoffOptions, defaults: Backoff): Backoff {
  return {
    initialDelayMs: options.initialDelayMs ?? defaults.initialDelayMs,
    maxDelayMs: options.maxDelayMs ?? defaults.maxDelayMs,
    jitterRatio: options.jitterRatio ?? defaults.jitterRatio,
  };
}

/** The delay before attempt `attempt` + 1, in milliseconds; `attempt` counts from 1. */
export function backoffDelay(attempt: number, backoff: Backoff): number {
  const { initialDelayMs, maxDelayMs, jitterRatio } = backoff;
  // More doublings would multiply a delay of 0 by `Infinity`.
  const doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
  const base = Math.min(initialDelayMs * 2 ** doublings, maxDelayMs);
  return base * (1 + jitterRatio * (2 * Math.random() - 1));
}
