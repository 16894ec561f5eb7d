import { delay } from "../util/abort.ts";
import { backoffDelay } from "../util/backoff.ts";
import {
  JsonRpcError,
  RetryLimitExceededError,
  ServerBusyError,
  saysOverloaded,
} from "./rpc-errors.ts";

export interface RetryOptions {
  /** How often the operation is tried in all. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** Wait before the second try, in milliseconds; it doubles with each. Default 250. */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait between two tries, in milliseconds. Default 2000. */
  readonly maxDelayMs?: number | undefined;
  /** How much of a wait is left to chance, from 0 to 1. Default 0.2. */
  readonly jitterRatio?: number | undefined;
  /** Stops the retrying; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `operation` again while it fails because the server was overloaded, with exponential backoff
 * and jitter. Rethrows the last error.
 * @throws RangeError when `maxAttempts` is less than 1.
 */
export async function retryOnOverload<T>(
  operation: () => Promise<T> | T,
  options: RetryOptions & {
    readonly retryIf?: (error: unknown) => boolean;
    readonly pause?: typeof delay;
  } = {},
): Promise<T> {
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2_000, jitterRatio = 0.2 } = options;
  const { signal, retryIf = isRetryableError, pause = delay } = options;
  if (!(maxAttempts >= 1))
    throw new RangeError(`maxAttempts must be at least 1, not ${maxAttempts}`);
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

/** Whether the error says that the server, or the model behind it, was overloaded: worth another try. */
export function isRetryableError(error: unknown): boolean {
  if (error instanceof RetryLimitExceededError) return false;
  if (error instanceof ServerBusyError) return true;
  if (error instanceof JsonRpcError) return saysOverloaded(error.data);
  const { error: turnError } = (error ?? {}) as { error?: { codexErrorInfo?: unknown } | null };
  return saysOverloaded(turnError?.codexErrorInfo);
}

/** Whether the server refused the request unprocessed, so that sending it again can't do it twice. */
export function isServerBusy(error: unknown): boolean {
  return error instanceof ServerBusyError && error.code === -32001 && isRetryableError(error);
}
