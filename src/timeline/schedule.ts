/** Runs the function soon, and not at once. */
export type Schedule = (run: () => void) => unknown;

/** At the end of the event loop's turn. */
export const soon: Schedule = (run) =>
  typeof setImmediate === "function" ? setImmediate(run) : setTimeout(run, 0);
