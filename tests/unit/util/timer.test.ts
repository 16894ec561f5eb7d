import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delay } from "../../../src/util/abort.ts";
import { deadline } from "../../../src/util/deadline.ts";
import { startTicking, startTimer } from "../../../src/util/timer.ts";

const DAY = 24 * 60 * 60 * 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const late = (ms: number) => new Error(`late after ${ms}`);

describe("a time of 30 days", () => {
  it("is that long for a timer, and can be cancelled", () => {
    const fire = vi.fn();
    startTimer(30 * DAY, fire);
    startTimer(30 * DAY, fire).cancel();
    vi.advanceTimersByTime(30 * DAY - 1);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it("can be cancelled after its first part", () => {
    const fire = vi.fn();
    const timer = startTimer(30 * DAY, fire);
    vi.advanceTimersByTime(29 * DAY);
    timer.cancel();
    vi.advanceTimersByTime(30 * DAY);
    expect(fire).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is that long for a deadline and a delay", async () => {
    using limit = deadline(undefined, 30 * DAY, late);
    let waited = false;
    delay(30 * DAY).then(() => {
      waited = true;
    });
    await vi.advanceTimersByTimeAsync(30 * DAY - 1);
    expect([limit.signal?.aborted, waited]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([limit.signal?.reason.message, waited]).toEqual([`late after ${30 * DAY}`, true]);
  });

  it("is that long between two ticks", () => {
    const tick = vi.fn();
    const ticking = startTicking(30 * DAY, tick);
    vi.advanceTimersByTime(30 * DAY - 1);
    expect(tick).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30 * DAY + 1);
    expect(tick).toHaveBeenCalledTimes(2);
    ticking.cancel();
    startTicking(Number.POSITIVE_INFINITY, tick);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an infinite duration", () => {
  it("never fires, and leaves no timer", () => {
    const fire = vi.fn();
    startTimer(Number.POSITIVE_INFINITY, fire);
    using limit = deadline(undefined, Number.POSITIVE_INFINITY, late);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(400 * DAY);
    expect(fire).not.toHaveBeenCalled();
    expect(limit.signal).toBeUndefined();
  });
});

describe("an invalid duration", () => {
  it.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])("%d is a RangeError", async (ms) => {
    expect(() => startTimer(ms, () => {})).toThrow(RangeError);
    expect(() => deadline(undefined, ms, late)).toThrow(/timeoutMs must be 0 or more/);
    await expect(delay(ms)).rejects.toThrow(RangeError);
  });

  it("is a TypeError if it isn't a number", () => {
    expect(() => deadline(undefined, "5" as never, late)).toThrow(TypeError);
  });
});

it("a time of 0 means no deadline", () => {
  using limit = deadline(undefined, 0, late);
  expect(limit.signal).toBeUndefined();
});
