/** The longest delay that `setTimeout` supports; with a longer one it fires immediately. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer that fires this much later than asked shows that the program was blocked, or the computer asleep. */
const LATE_MS = 100;
const MAX_GRACE_MS = 1_000;

/** A timer that is running, or has fired. */
export interface Timer {
  /** Idempotent; does nothing after the timer has fired. */
  cancel(): void;
}

/**
 * Calls `fire` once after `ms` milliseconds, which can exceed the limit of `setTimeout`. `Infinity`
 * never fires.
 * @throws TypeError if `ms` isn't a number, RangeError for NaN and negative numbers.
 */
export function startTimer(ms: number, fire: () => void): Timer {
  let remaining = checkedMs(ms);
  let timeout: NodeJS.Timeout | undefined;
  const wait = () => {
    const step = Math.min(remaining, LONGEST_MS);
    remaining -= step;
    timeout = setTimeout(() => (remaining > 0 ? wait() : fire()), step);
  };
  if (remaining !== Number.POSITIVE_INFINITY) wait();
  return { cancel: () => clearTimeout(timeout) };
}

/**
 * Like `startTimer`, for a time limit. Input that arrived while the program was blocked counts as in time: timers fire
 * before input is read, so a late timer waits for up to another second.
 */
export function startLimit(ms: number, fire: () => void): Timer {
  const due = performance.now() + ms;
  let timer = startTimer(ms, () => {
    const lateBy = performance.now() - due;
    if (lateBy < LATE_MS) fire();
    else timer = startTimer(Math.min(lateBy, MAX_GRACE_MS), fire);
  });
  return { cancel: () => timer.cancel() };
}

/** Calls `tick` every `ms` milliseconds, without keeping the process alive. `Infinity` never ticks. */
export function startTicking(ms: number, tick: () => void): Timer {
  if (checkedMs(ms) === Number.POSITIVE_INFINITY) return { cancel: () => {} };
  const parts = Math.max(Math.ceil(ms / LONGEST_MS), 1);
  let passed = 0;
  const interval = setInterval(() => {
    passed = (passed + 1) % parts;
    if (passed === 0) tick();
  }, ms / parts);
  interval.unref();
  return { cancel: () => clearInterval(interval) };
}

/** Returns the number if it is a valid duration; `name` is its name in errors. */
export function checkedMs(ms: number, name = "A time"): number {
  if (typeof ms !== "number") {
    throw new TypeError(`${name} must be a number of milliseconds, not ${typeof ms}`);
  }
  if (!(ms >= 0)) throw new RangeError(`${name} must be 0 or more milliseconds, not ${ms}`);
  return ms;
}
