import { describe, expect, test } from "vitest";
import { InvalidSchemaError } from "../../../src/errors/errors.ts";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import type { Schema } from "../../../src/input/schema.ts";

function object(properties: Record<string, unknown>): Record<string, unknown> {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false };
}

describe("the limits on size", () => {
  const nested = (levels: number): unknown =>
    levels === 1 ? object({ a: { type: "string" } }) : object({ a: nested(levels - 1) });
  const words = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => String(index).padEnd(length, "x"));
  const keys = (count: number) =>
    object(Object.fromEntries(words(count, 1).map((word) => [word, { type: "string" }])));

  test("are those of the endpoint, and schemas just within them pass", () => {
    for (const schema of [
      nested(10),
      keys(5_000),
      object({ a: { type: "string", enum: words(1_000, 15) } }),
      object({ a: { type: "string", enum: words(250, 400) } }),
    ]) {
      expect(() => prepareOutput(schema as Schema)).not.toThrow();
    }
  });

  test.each<[string, unknown, RegExp]>([
    [
      "10 levels",
      nested(11),
      /is nested 11 levels deep, but at most 10 levels are allowed: flatten it/,
    ],
    ["a depth that the stack bears", nested(2_000), /nested (thousands of|11) levels deep/],
    [
      "5,000 keys",
      object({ a: keys(2_500), b: keys(2_500) }),
      /has 5002 keys in total, but at most 5000/,
    ],
    [
      "1,000 values",
      object({
        a: { type: "string", enum: words(501, 4) },
        b: { type: "string", enum: words(500, 4) },
      }),
      /has 1001 enum values in total, but at most 1000/,
    ],
    [
      "15,000 characters in a large enum",
      object({ a: { type: "string", enum: words(251, 60) } }),
      /\/properties\/a\/enum has 251 values with 15060 characters/,
    ],
    [
      "120,000 characters",
      object({ a: { type: "string", enum: words(250, 481) } }),
      /has 120251 characters in its names and allowed values/,
    ],
  ])("%s", (_, schema, message) => {
    const prepare = () => prepareOutput(schema as Schema);
    expect(prepare).toThrow(InvalidSchemaError);
    expect(prepare).toThrow(message);
    expect(() => prepareOutput(schema as Schema, { strict: false })).not.toThrow();
  });
});
