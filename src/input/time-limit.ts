import { runInNewContext } from "node:vm";

/** A piece of work was stopped because it took too long. */
export class TookTooLong extends Error {
  override name = "TookTooLong";
}

/**
 * Does work of foreign code, on this thread, and stops it when it takes longer: a regular expression
 * that goes back, say. Only what it does at once is limited; a promise that it returns is not.
 *
 * @throws {TookTooLong} after `limitMs` milliseconds.
 */
export function withinTime<Result>(limitMs: number, work: () => Result): Result {
  try {
    // Nothing but a script's time limit can stop a regular expression at work.
    return runInNewContext("work()", { work }, { timeout: limitMs });
  } catch (error) {
    if (isTimeUp(error)) throw new TookTooLong(`took longer than ${limitMs} ms`);
    throw error;
  }
}

function isTimeUp(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
