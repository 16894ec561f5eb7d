/**
 * A copy of `error` whose stack is the one of `trace`. An error is often made in the reader, or
 * stored to reject many calls: each caller should see its own line.
 */
export function atCaller<E extends Error>(error: E, trace: Error): E {
  const copy = Object.create(
    Object.getPrototypeOf(error),
    Object.getOwnPropertyDescriptors(error),
  ) as E;
  const frames = trace.stack?.slice(trace.stack.indexOf("\n")) ?? "";
  Object.defineProperty(copy, "stack", {
    value: `${error.name}: ${error.message}${frames}`,
    configurable: true,
    writable: true,
  });
  return copy;
}
