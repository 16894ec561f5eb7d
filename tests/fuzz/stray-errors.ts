const EVENTS = ["unhandledRejection", "uncaughtException"] as const;

type Listener = (...args: unknown[]) => void;

/**
 * Collects uncaught errors from now until `stop`; meanwhile the test runner doesn't receive them.
 * Process warnings are dropped.
 */
export function catchStrayErrors(onError: (error: unknown) => void) {
  const errors: unknown[] = [];
  const note = (error: unknown) => {
    errors.push(error);
    onError(error);
  };
  const others = EVENTS.map((event) => [event, process.listeners(event as never)] as const);
  for (const event of EVENTS) process.removeAllListeners(event);
  for (const event of EVENTS) process.on(event, note);
  const { emitWarning } = process;
  process.emitWarning = () => {};
  return {
    errors,
    note,
    stop: () => {
      process.emitWarning = emitWarning;
      for (const event of EVENTS) process.off(event, note);
      for (const [event, listeners] of others) {
        for (const listener of listeners) process.on(event, listener as Listener);
      }
    },
  };
}
