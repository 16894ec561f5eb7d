import { CodexError } from "./errors.ts";

/** The stack of the line that called `entry`, for an error that is made later and elsewhere. */
export function callerOf(entry: (...args: never[]) => unknown): Error {
  const trace = new Error();
  Error.captureStackTrace(trace, entry);
  return trace;
}

/** Does what `run` does; its errors show the line that called `entry`, which calls this at once. */
export async function forCaller<T>(
  entry: (...args: never[]) => unknown,
  run: () => Promise<T>,
): Promise<T> {
  const caller = callerOf(entry);
  try {
    return await run();
  } catch (error) {
    throw atCaller(error, caller);
  }
}

/**
 * A copy of one of our errors with the caller's stack; anything else as it is. An error is often
 * made in the reader, or stored to reject many calls: each caller should see its own line.
 */
export function atCaller(error: unknown, caller: Error): unknown {
  if (!(error instanceof CodexError)) return error;
  // Made by Error itself, so that whatever asks for a native error takes it for one.
  const copy: CodexError = Reflect.construct(Error, [], error.constructor);
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  const frames = caller.stack?.slice(caller.stack.indexOf("\n")) ?? "";
  Object.defineProperty(copy, "stack", {
    value: `${error.name}: ${error.message}${frames}`,
    configurable: true,
    writable: true,
  });
  return copy;
}
