import { expect, it } from "vitest";
import { ticksOf } from "../../../inspector/waterfall/ticks.ts";

it("are round times", () => {
  expect(ticksOf(1_000)).toEqual([0, 200, 400, 600, 800, 1_000]);
});

it("are few for any duration that a trace can have", () => {
  for (const total of [5e-324, 2e-323, 1e-310, 1e308, Infinity, 0, -1, Number.NaN]) {
    expect(ticksOf(total).length).toBeLessThan(10);
  }
});
