/** Time limit for the synchronous work of validating one value. */
export const CHECK_LIMIT_MS = 2_000;

/** A piece of work was stopped because it took too long. */
export class TookTooLong extends Error {
  override name = "TookTooLong";
}

/**
 * Runs code from a library or the user on this thread, and stops it if it takes longer than
 * `limitMs`, even inside a regular expression. Only synchronous work is limited: a promise that the work returns is not.
 *
 * @throws {TookTooLong} after `limitMs` milliseconds.
 */
export function withinTime<Result>(limitMs: number, work: () => Result): Result {
  runner ??= createRunner();
  try {
    return runner(work, limitMs) as Result;
  } catch (error) {
    if (isTimeUp(error)) throw new TookTooLong(`took longer than ${limitMs} ms`);
    throw error;
  }
}

type Runner = (work: () => unknown, limitMs: number) => unknown;

/** Created once, because creating a context takes ten times as long as using it. */
let runner: Runner | undefined;

/** Creates a script that runs the work: only a script's time limit can stop a regular expression. */
function createRunner(): Runner {
  // Loading it with the package would take a millisecond of every start.
  const { createContext, Script } = process.getBuiltinModule("node:vm");
  const holder: { work?: (() => unknown) | undefined } = {};
  const context = createContext(holder);
  const script = new Script("work()");
  return (work, timeout) => {
    holder.work = () => {
      // Releases the work, and the value that it checks, before starting it, because it may never
      // return.
      holder.work = undefined;
      return work();
    };
    return script.runInContext(context, { timeout });
  };
}

function isTimeUp(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
