/** Runs the function soon, but not synchronously. */
export type Schedule = (run: () => void) => unknown;

/** Runs the function at the end of the event loop's iteration. */
export const soon: Schedule = (run) =>
  typeof setImmediate === "function" ? setImmediate(run) : setTimeout(run, 0);
