import { describe, expect, it } from "vitest";
import { hasMoreValues } from "../../../src/transport/values-in.ts";

describe("JSON text", () => {
  it.each([
    ["numbers", JSON.stringify(Array(12).fill(1))],
    ["empty arrays", JSON.stringify(Array(12).fill([]))],
    ["empty objects", JSON.stringify(Array(12).fill({}))],
    ["members", JSON.stringify({ ...Array(12).fill(1) })],
    ["nested arrays", "[".repeat(12) + "]".repeat(12)],
    ["nested objects", `${'{"a":'.repeat(12)}1${"}".repeat(12)}`],
    ["values after strings with quotes", `["\\\\","\\"",${Array(12).fill(1).join()}]`],
  ])("with many %s has more values than the limit", (_what, json) => {
    expect(hasMoreValues(json, 10)).toBe(true);
    expect(hasMoreValues(json, 40)).toBe(false);
  });

  it.each([
    ["a string", JSON.stringify([",[{".repeat(100)])],
    ["a string with quotes", JSON.stringify(['",\\",'.repeat(100), '\\"'])],
    ["the name of a member", JSON.stringify({ [",[{".repeat(100)]: 1 })],
    ["a string without an end", `"${",".repeat(100)}`],
  ])("doesn't count what is in %s", (_what, json) => {
    expect(hasMoreValues(json, 10)).toBe(false);
  });
});
