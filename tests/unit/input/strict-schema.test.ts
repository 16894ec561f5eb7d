import { type } from "arktype";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidSchemaError } from "../../../src/errors/errors.ts";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import type { Schema } from "../../../src/input/schema.ts";

const closed = { type: "object", properties: {}, additionalProperties: false };
const open = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };

/** An object schema with one key for each given schema. */
function object(properties: Record<string, unknown>): Record<string, unknown> {
  return { ...closed, properties, required: Object.keys(properties) };
}

function refusal(schema: Schema): { path: string; message: string } {
  expect(() => prepareOutput(schema, { strict: false })).not.toThrow();
  try {
    prepareOutput(schema);
  } catch (error) {
    if (error instanceof InvalidSchemaError) return error;
  }
  throw new Error("nothing was refused");
}

test("what is strict passes", () => {
  const schema = object({
    name: { type: ["string", "null"], description: "a name" },
    either: { anyOf: [object({ a: { const: 1 } }), { type: "null" }] },
    list: { type: "array", items: { $ref: "#/$defs/item" }, minItems: 1 },
    required: { type: "string", enum: ["not", "if"] },
  });
  expect(() => prepareOutput({ ...schema, $defs: { item: closed } })).not.toThrow();
});

describe("the root", () => {
  test.each([
    [{ type: "array", items: closed }],
    [{ type: "string" }],
    [{ anyOf: [closed, closed] }],
    [{ ...closed, anyOf: [closed, closed] }],
    [{ type: ["object", "null"], properties: {}, additionalProperties: false }],
    [{}],
  ])("must be an object without anyOf, not %j", (schema) => {
    const { path, message } = refusal(schema);
    expect(path).toBe("");
    expect(message).toMatch(/^outputSchema: its root must be an object schema, without anyOf/);
  });
});

describe("an open object is named", () => {
  test.each([
    ["", open],
    ["/properties/a", object({ a: open })],
    ["/properties/a~1b~0", object({ "a/b~": open })],
    ["/properties/a", object({ a: { ...open, type: ["object", "null"] } })],
    ["/properties/a", object({ a: { properties: {} } })],
    ["/properties/a/items", object({ a: { type: "array", items: open } })],
    ["/properties/a/anyOf/1", object({ a: { anyOf: [closed, open] } })],
    ["/$defs/x/properties/y", { ...closed, $defs: { x: object({ y: open }) } }],
    ["/definitions/x", { ...closed, definitions: { x: open } }],
  ])("at %j", (path, schema) => {
    const error = refusal(schema);
    expect(error.path).toBe(path);
    expect(error.message).toContain(`${path || "its root"} is open to other keys`);
    expect(error.message).toContain("add additionalProperties: false, or pass strict: false");
  });
});

test("an optional key is named, with the mend", () => {
  const { path, message } = refusal(z.object({ a: z.object({ b: z.string().optional() }) }));
  expect(path).toBe("/properties/a/properties/b");
  expect(message).toBe(
    "outputSchema: /properties/a/properties/b is optional: make it nullable instead, and required, " +
      "or pass strict: false if the model's endpoint is not strict",
  );
  expect(() => prepareOutput(z.object({ b: z.string().nullable() }))).not.toThrow();
});

test("a key that is required but not there is named", () => {
  const error = refusal({ ...closed, required: ["gone"] });
  expect(error.path).toBe("/required");
  expect(error.message).toContain('lists "gone"');
});

test("a record is refused, for its keys are not listed", () => {
  expect(refusal({ ...closed, additionalProperties: { type: "number" } }).message).toMatch(
    /takes keys that it does not list/,
  );
  expect(refusal(z.object({ a: z.record(z.string(), z.number()) })).path).toBe("/properties/a");
});

test("a keyword that strict mode refuses is named", () => {
  const { path, message } = refusal(z.object({ pair: z.tuple([z.string(), z.number()]) }));
  expect(path).toBe("/properties/pair");
  expect(message).toContain("has prefixItems, which strict mode refuses: use an object");
  expect(refusal(object({ a: { oneOf: [closed] } })).message).toContain("has oneOf");
});

test("a place that a library could not express is named", () => {
  const { path, message } = refusal(type({ at: "Date" }));
  expect(path).toBe("/properties/at");
  expect(message).toContain("says nothing of its value");
});

test("data is not taken for schemas", () => {
  const data = [{ type: "object" }, { not: 1 }];
  expect(() => prepareOutput(object({ a: { enum: data, default: data[0] } }))).not.toThrow();
});
