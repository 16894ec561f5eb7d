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

test("a strict schema passes", () => {
  const schema = object({
    name: { type: ["string", "null"], description: "a name", title: "Name" },
    either: { anyOf: [object({ a: { type: "number", const: 1 } }), { type: "null" }] },
    list: { type: "array", items: { $ref: "#/$defs/item" }, minItems: 1, maxItems: 9 },
    old: { $ref: "#/definitions/a~1b" },
    itself: { anyOf: [{ $ref: "#" }, { type: "null" }], description: "the next" },
    required: { type: "string", enum: ["not", "if"] },
    nullable: { type: ["string", "null"], enum: ["a", null] },
    backslash: { type: "string", pattern: "^[\\\\c(?<]+$" },
    hidden: { type: "string", pattern: "^\\(\\?=[(?=\\]\\\\k]\\\\1$" },
    code: { type: "string", pattern: "^@[a-zA-Z0-9_]+(?:-\\d{2})*$" },
    at: { type: "string", format: "date-time" },
    share: { type: "number", minimum: 0, exclusiveMaximum: 1, multipleOf: 0.25 },
    count: { type: "integer", maximum: 5, exclusiveMinimum: 0 },
    yes: { type: "boolean", minLength: undefined },
  });
  const $defs = { item: object({ next: { anyOf: [{ $ref: "#/$defs/item" }, { type: "null" }] } }) };
  const definitions = { "a/b": closed };
  const $schema = "http://json-schema.org/draft-07/schema#";
  const whole = { $schema, ...schema, $defs, definitions };
  expect(prepareOutput(whole).jsonSchema).toBe(whole);
});

describe("everything that strict mode doesn't support is refused, with its location and a remedy", () => {
  const text = { type: "string" };
  test.each<[string, unknown, string, RegExp]>([
    ["const without type", { const: "a" }, "", /has const without a type: add the type/],
    ["enum without type", { enum: ["a"] }, "", /has enum without a type: add the type/],
    ["true as a schema", true, "", /is true, which doesn't restrict the value: give it a type/],
    ["false as a schema", false, "", /is false/],
    ["an empty schema", {}, "", /doesn't restrict the value/],
    ["a schema that only describes", { description: "x" }, "", /doesn't restrict the value/],
    [
      "an array without items",
      { type: "array" },
      "",
      /is an array without items: add their schema/,
    ],
    ["true as items", { type: "array", items: true }, "/items", /is true, which doesn't restrict/],
    ["items in a list", { type: "array", items: [text] }, "", /has a list of items.*use an object/],
    [
      "prefixItems",
      { type: "array", prefixItems: [text], items: false },
      "",
      /has prefixItems.*use an object/,
    ],
    [
      "an unknown format",
      { ...text, format: "uri" },
      "/format",
      /is "uri", but strict mode supports only date-time, .*uuid: put it into the description/,
    ],
    [
      "contentEncoding",
      { ...text, contentEncoding: "base64" },
      "",
      /has contentEncoding, which strict mode refuses: remove it/,
    ],
    ["minLength", { ...text, minLength: 1 }, "", /has minLength, .* put it into the description/],
    ["default", { ...text, default: "a" }, "", /has default, .* always sets a value/],
    ["nullable", { ...text, nullable: true }, "", /has nullable, .* add "null" to its type/],
    ["examples", { ...text, examples: ["a"] }, "", /has examples/],
    [
      "a keyword of another type",
      { ...text, minimum: 1 },
      "",
      /has minimum, which doesn't apply to type string/,
    ],
    [
      "a keyword of nobody",
      { ...text, "x-order": 1 },
      "",
      /has x-order, which strict mode refuses: remove it/,
    ],
    ["oneOf", { oneOf: [text] }, "", /has oneOf, .* use anyOf/],
    ["allOf", { allOf: [text] }, "", /has allOf, .* merge its parts into one schema/],
    ["not", { ...text, not: { const: "a" } }, "", /has not, .* describe what is allowed/],
    ["if", { ...text, if: text, else: text }, "", /has if, .* use anyOf/],
    ["uniqueItems", { type: "array", items: text, uniqueItems: true }, "", /has uniqueItems/],
    ["contains", { type: "array", items: text, contains: text }, "", /has contains/],
    [
      "patternProperties",
      { ...closed, patternProperties: { a: text } },
      "",
      /has patternProperties, .* list the keys/,
    ],
    ["propertyNames", { ...closed, propertyNames: text }, "", /has propertyNames/],
    [
      "dependentSchemas",
      { ...closed, dependentSchemas: { a: closed } },
      "",
      /has dependentSchemas/,
    ],
    [
      "unevaluatedProperties",
      { ...closed, unevaluatedProperties: false },
      "",
      /has unevaluatedProperties/,
    ],
    [
      "unevaluatedItems",
      { type: "array", items: text, unevaluatedItems: false },
      "",
      /has unevaluatedItems/,
    ],
    ["definitions that are not at the root", { ...closed, $defs: { a: text } }, "", /has \$defs/],
    [
      "a keyword beside anyOf",
      { anyOf: [text], type: "string" },
      "",
      /has type, which doesn't apply to anyOf|has type/,
    ],
    [
      "a keyword beside $ref",
      { $ref: "#", description: "x" },
      "",
      /has description beside \$ref, .* use an anyOf whose only entry is the \$ref/,
    ],
    [
      "a $ref to a property",
      { $ref: "#/properties/b" },
      "/$ref",
      /refers to "#\/properties\/b": it must be "#" or a definition/,
    ],
    [
      "a $ref into a definition",
      { $ref: "#/$defs/d/properties/x" },
      "/$ref",
      /it must be "#" or a definition/,
    ],
    [
      "an enum of several types",
      { type: ["string", "number"], enum: ["a", 1] },
      "/enum",
      /one simple type, apart from null: use anyOf/,
    ],
    [
      "an enum beside its type",
      { type: "string", enum: ["a", null] },
      "/enum",
      /has null: its values must match the schema's type/,
    ],
    ["a const beside its type", { type: "integer", const: 1.5 }, "/const", /has 1.5/],
    ["an empty enum", { type: "string", enum: [] }, "/enum", /is empty/],
    [
      "an enum of objects",
      { type: "object", properties: {}, additionalProperties: false, required: [], enum: [{}] },
      "/enum",
      /one simple type/,
    ],
    [
      "lookaround",
      { ...text, pattern: "^(?!a)b" },
      "/pattern",
      /uses lookahead or lookbehind, which strict mode refuses/,
    ],
    [
      "lookaround in a loop",
      { ...text, pattern: "(?:a|(?:b(?<=b))*)+" },
      "/pattern",
      /uses lookahead or lookbehind/,
    ],
    ["a backreference", { ...text, pattern: "(a)[\\]\\w]\\1" }, "/pattern", /has a backreference/],
    ["a control character", { ...text, pattern: "a\\cA" }, "/pattern", /has \\cA, which/],
    ["a character by its number", { ...text, pattern: "\\u{61}" }, "/pattern", /has \\u\{61\}/],
    ["a class without members", { ...text, pattern: "[^]" }, "/pattern", /has \[\^\], which/],
    ["a name of a group", { ...text, pattern: "(?<year>\\d+)" }, "/pattern", /names a group/],
    ["a Unicode property", { ...text, pattern: "[\\p{L}]" }, "/pattern", /has \[\\p\{L\}\]/],
    [
      "an object without properties",
      { type: "object", additionalProperties: false },
      "",
      /is an object without properties/,
    ],
  ])("%s", (_, schema, pointer, message) => {
    const d = object({ x: { type: "string" } });
    const error = refusal({
      ...object({ a: { type: "array", items: schema }, b: { type: "string" } }),
      $defs: { d },
    });
    expect(error.message).toMatch(message);
    expect(error.path).toBe(`/properties/a/items${pointer}`);
    expect(error.message).toContain(`outputSchema`);
  });

  test.each<[string, unknown, string]>([
    ["a remote $ref", { $ref: "https://example.com/schema" }, "/properties/a/$ref"],
    ["a $ref to nothing", { $ref: "#/$defs/gone" }, "/properties/a/$ref"],
    ["a $ref that only leads to itself", { $ref: "#/$defs/loop" }, "/$defs/loop"],
    ["an invalid pattern", { type: "string", pattern: "(" }, "/properties/a/pattern"],
    ["a limit that isn't a number", { type: "number", minimum: "1" }, "/properties/a/minimum"],
    [
      "draft 4's exclusiveMinimum",
      { type: "number", exclusiveMinimum: true },
      "/properties/a/exclusiveMinimum",
    ],
    ["properties in a list", { type: "object", properties: [] }, "/properties/a/properties"],
    ["a type that JSON doesn't have", { type: "date" }, "/properties/a/type"],
  ])("%s works nowhere, strict or not", (_, schema, path) => {
    const whole = {
      ...object({ a: schema }),
      $defs: { loop: { anyOf: [{ $ref: "#/$defs/loop" }] } },
    };
    for (const strict of [true, false]) {
      const error = failure(() => prepareOutput(whole, { strict }));
      expect(error).toBeInstanceOf(InvalidSchemaError);
      expect(error.message).toMatch(/^outputSchema isn't a valid JSON Schema: \//);
      expect((error as InvalidSchemaError).path).toContain(path.replace("/$defs/loop", ""));
    }
  });
});

describe("the root", () => {
  test.each([
    [{ type: "array", items: closed }],
    [{ type: "string" }],
    [{ anyOf: [closed, closed] }],
    [{ ...closed, anyOf: [closed, closed] }],
    [{ type: ["object", "null"], properties: {}, additionalProperties: false }],
    [{}],
    [{ oneOf: [closed] }],
    [{ $ref: "#/$defs/a", $defs: { a: closed } }],
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
    ["/properties/a/items", object({ a: { type: "array", items: open } })],
    ["/properties/a/anyOf/1", object({ a: { anyOf: [closed, open] } })],
    ["/$defs/x/properties/y", { ...closed, $defs: { x: object({ y: open }) } }],
    ["/definitions/x", { ...closed, definitions: { x: open } }],
  ])("at %j", (path, schema) => {
    const error = refusal(schema);
    expect(error.path).toBe(path);
    expect(error.message).toContain(`${path || "its root"} allows other keys`);
    expect(error.message).toContain("add additionalProperties: false, or pass strict: false");
  });
});

test("an optional key is reported, with the remedy", () => {
  const { path, message } = refusal(z.object({ a: z.object({ b: z.string().optional() }) }));
  expect(path).toBe("/properties/a/properties/b");
  expect(message).toBe(
    "outputSchema: /properties/a/properties/b is optional: make it required and nullable instead, " +
      "or pass strict: false if the model's endpoint has no strict mode",
  );
  expect(() => prepareOutput(z.object({ b: z.string().nullable() }))).not.toThrow();
});

test("a required key that is missing is reported", () => {
  const error = refusal({ ...closed, required: ["gone"] });
  expect(error.path).toBe("/required");
  expect(error.message).toContain('lists "gone"');
});

test("a record is refused, because its keys aren't listed", () => {
  expect(refusal({ ...closed, additionalProperties: { type: "number" } }).message).toMatch(
    /allows keys that it doesn't list/,
  );
  expect(refusal(z.object({ a: z.record(z.string(), z.number()) })).path).toBe("/properties/a");
});

test("a keyword that strict mode refuses is reported", () => {
  const { path, message } = refusal(z.object({ pair: z.tuple([z.string(), z.number()]) }));
  expect(path).toBe("/properties/pair");
  expect(message).toContain("has prefixItems, which strict mode refuses: use an object");
  expect(refusal(object({ a: { oneOf: [closed] } })).message).toContain("has oneOf");
});

test("a part that a library couldn't express is reported", () => {
  const { path, message } = refusal(type({ at: "Date" }));
  expect(path).toBe("/properties/at");
  expect(message).toContain("doesn't restrict the value");
});

test("data isn't mistaken for schemas", () => {
  const values = ["additionalProperties", "not", "$ref"];
  expect(() => prepareOutput(object({ a: { type: "string", enum: values } }))).not.toThrow();
  expect(() =>
    prepareOutput(object({ $ref: { type: "string" }, not: { type: "string" } })),
  ).not.toThrow();
});

/** The error that a call throws. */
function failure(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
