import { expect, test } from "vitest";
import { backoffDelay } from "../../../src/util/backoff.ts";

test.each([
  ["no delay", { initialDelayMs: 0, maxDelayMs: 5_000 }, 0],
  ["a delay", { initialDelayMs: 1, maxDelayMs: 5_000 }, 5_000],
  ["no longest delay", { initialDelayMs: 0, maxDelayMs: Number.POSITIVE_INFINITY }, 0],
] as const)("any number of attempts can fail, with %s", (_what, delays, expected) => {
  for (const attempt of [1_024, 1_025, 5_000, Number.MAX_SAFE_INTEGER]) {
    expect(backoffDelay(attempt, { ...delays, jitterRatio: 0 })).toBe(expected);
  }
});

test("an endless delay stays endless", () => {
  const endless = {
    initialDelayMs: Number.POSITIVE_INFINITY,
    maxDelayMs: Number.POSITIVE_INFINITY,
  };
  for (const jitterRatio of [0, 0.2]) {
    expect(backoffDelay(1, { ...endless, jitterRatio })).toBe(Number.POSITIVE_INFINITY);
  }
});
