import { CodexError } from "./errors.ts";

/** The origin of a call; the stack is formatted only when it is read. */
export interface Caller {
  readonly stack?: string;
}

/** The stack of the line that called `entry`, for an error that is created later and elsewhere. */
export function callerOf(entry: (...args: never[]) => unknown): Caller {
  // Not an Error, which would capture the stack a second time: that is most of the cost of a small
  // request.
  const caller: Caller = {};
  Error.captureStackTrace(caller, entry);
  return caller;
}

/** Runs `run`; its errors show the line that called `entry`, which must call this synchronously. */
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
 * A copy of an error from this package with the caller's stack; anything else unchanged. An error
 * is often created in the reader, or stored to reject many calls: each caller should see its own
 * line.
 */
export function atCaller(error: unknown, caller: Caller): unknown {
  if (!(error instanceof CodexError)) return error;
  // Created by Error itself, so that checks for native errors recognise it.
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
