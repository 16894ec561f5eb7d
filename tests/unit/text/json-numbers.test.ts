import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasExactNumbers, hasNumber } from "../../../src/text/json-numbers.ts";

describe("hasExactNumbers", () => {
  it.each([
    "12345678901234567890",
    "9007199254740993",
    "0.1000000000000000055511151231257827",
    "1.00000000000000000001",
    "1e400",
    "-1e-400",
    "123456789012345678901234567890e-10",
    '{"a":[{"b\\"":0.12345678901234567890}]}',
    `1e${"9".repeat(400)}`,
    `1e-${"0".repeat(400)}${"9".repeat(400)}`,
  ])("is false for %s", (json) => {
    expect(hasExactNumbers(json)).toBe(false);
    expect(hasNumber(json)).toBe(true);
  });

  it.each([
    "0",
    "-0",
    "-0.0e7",
    "1.50",
    "100",
    "1e2",
    "1E+22",
    "1e+22",
    "9007199254740992",
    "9007199254740994",
    "1000000000000000000000",
    "0.1",
    "5e-324",
    "1.7976931348623157e308",
    `0e${"9".repeat(400)}`,
    `1e+${"0".repeat(400)}1`,
  ])("is true for %s", (json) => {
    expect(hasExactNumbers(json)).toBe(true);
  });

  it("ignores what is in strings", () => {
    const json = JSON.stringify({ 'a"12345678901234567890': ["\\", '\\"12345678901234567890'] });
    expect(hasExactNumbers(json)).toBe(true);
    expect(hasNumber(json)).toBe(false);
    expect(hasNumber("[true,null,[]]")).toBe(false);
  });

  it("doesn't convert a power of ten with millions of digits", () => {
    const json = `[1e-${"9".repeat(8_000_000)}]`;
    const before = process.cpuUsage();
    expect(hasExactNumbers(json)).toBe(false);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  });

  it("is true for every number that was written from a double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(hasExactNumbers(JSON.stringify([value]))).toBe(true);
        expect(hasExactNumbers(value.toExponential())).toBe(true);
      }),
    );
  });

  it("is false for every double with more digits behind it", () => {
    const digits = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), digits, (value, more) => {
        const fixed = value.toFixed(20);
        expect(hasExactNumbers(`${fixed}0000000000${more}`)).toBe(false);
      }),
    );
  });
});
