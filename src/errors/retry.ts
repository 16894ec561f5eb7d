import { delay } from "../util/abort.ts";
import { BACKOFF_CHECKS, backoffDelay } from "../util/backoff.ts";
import { type Check, requireOptions, signal, wholeFrom } from "../util/checks.ts";
import {
  JsonRpcError,
  RetryLimitExceededError,
  ServerBusyError,
  saysOverloaded,
} from "./rpc-errors.ts";

export interface RetryOptions {
  /** Total number of attempts. Default 3. */
  readonly maxAttempts?: number | undefined;
  /**
   * Delay before the second attempt, in milliseconds; it doubles with each attempt. Default 250.
   */
  readonly initialDelayMs?: number | undefined;
  /** The longest delay between two attempts, in milliseconds. Default 2,000. */
  readonly maxDelayMs?: number | undefined;
  /** How much each delay varies at random, from 0 to 1: 0.2 means by up to 20% in either direction. Default 0.2. */
  readonly jitterRatio?: number | undefined;
  /** Stops retrying; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The checks of `RetryOptions`, by member. */
export const RETRY_CHECKS: Readonly<Record<keyof RetryOptions, Check>> = {
  maxAttempts: wholeFrom(1),
  ...BACKOFF_CHECKS,
  signal,
};

/**
 * Retries `operation` while it fails because the server or the model was overloaded, with
 * exponential backoff and jitter. Rethrows the last error.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 */
export async function retryOnOverload<T>(
  operation: () => Promise<T> | T,
  options: RetryOptions = {},
): Promise<T> {
  requireOptions("retryOnOverload", options, RETRY_CHECKS);
  return await repeatWhile(isRetryableError, operation, options);
}

/** Retries `operation` while it fails with an error that `retryIf` accepts. Rethrows the last error. */
export async function repeatWhile<T>(
  retryIf: (error: unknown) => boolean,
  operation: () => Promise<T> | T,
  options: RetryOptions & { readonly pause?: typeof delay } = {},
): Promise<T> {
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2_000, jitterRatio = 0.2 } = options;
  const { signal, pause = delay } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (attempt >= maxAttempts || !retryIf(error)) throw error;
    }
    await pause(backoffDelay(attempt, { initialDelayMs, maxDelayMs, jitterRatio }), signal);
  }
}

/** Whether the error means that the server or the model was overloaded, so that a retry makes sense. */
export function isRetryableError(error: unknown): boolean {
  if (error instanceof RetryLimitExceededError) return false;
  if (error instanceof ServerBusyError) return true;
  if (error instanceof JsonRpcError) return saysOverloaded(error.data);
  const { error: turnError } = (error ?? {}) as { error?: { codexErrorInfo?: unknown } | null };
  return saysOverloaded(turnError?.codexErrorInfo);
}

/**
 * Whether the server refused the request without processing it, so that it can't be processed
 * twice.
 */
export function isServerBusy(error: unknown): boolean {
  return error instanceof ServerBusyError && error.rpcCode === -32001 && isRetryableError(error);
}
