import { type Schema, Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedSchema } from "../../../src/input/json-schema/form.ts";
import { JsonSchemaValidator } from "../../../src/input/json-schema/validator.ts";

function issuesOf(schema: object, value: unknown): string[] {
  return new JsonSchemaValidator({ ...schema }).validate(value).map(({ message, path }) => {
    return `${path.join(".")}: ${message}`;
  });
}

function fits(schema: object, value: unknown): boolean {
  return issuesOf(schema, value).length === 0;
}

const leaf = fc.oneof(
  fc.constantFrom<object>({}, { type: "string" }, { type: "integer" }, { type: "number" }),
  fc.constantFrom<object>(
    { type: ["null", "boolean"] },
    { const: [1, { a: 1 }] },
    { enum: ["a", 1] },
  ),
  fc.constantFrom<object>({ minimum: 1 }, { exclusiveMaximum: 1 }, { multipleOf: 0.1 }),
  fc.constantFrom<object>({ minLength: 2 }, { maxLength: 1 }, { pattern: "^a|b$" }),
  fc.constantFrom<object>({ minItems: 1 }, { maxItems: 1 }, { uniqueItems: true }),
  fc.constantFrom<object>({ required: ["a"] }, { maxProperties: 1 }, { minProperties: 1 }),
);
const { schema: anySchema } = fc.letrec<{ schema: object }>((tie) => {
  const inner = tie("schema");
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf,
      fc.record({ properties: fc.dictionary(fc.constantFrom("a", "b"), inner) }),
      fc.record({
        properties: fc.dictionary(fc.constantFrom("a"), inner),
        additionalProperties: inner,
      }),
      fc.record({ patternProperties: fc.dictionary(fc.constantFrom("^a", "b"), inner) }),
      fc.record({ items: inner }),
      fc.record({ prefixItems: list, items: inner }),
      fc.record({ contains: inner, minContains: fc.nat(2), maxContains: fc.nat(3) }),
      fc.record({ propertyNames: inner }),
      fc.record({ anyOf: list }),
      fc.record({ oneOf: list }),
      fc.record({ allOf: list }),
      fc.record({ not: inner }),
      fc.record({ if: inner, else: inner }),
      fc.record({ dependentSchemas: fc.dictionary(fc.constantFrom("a"), inner) }),
      fc.record({ allOf: list, unevaluatedProperties: inner }),
      fc.record({ items: fc.constant({ $ref: "#" }), required: fc.constant(["a"]) }),
    ),
  };
});
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 1.1, 2, -3, "", "a", "ab", "ba", "😀", "xyz"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "ab", "c"), tie("value"), { maxKeys: 3 }),
  ),
}));

test("agrees with another validator", () => {
  fc.assert(
    fc.property(anySchema, fc.array(anyValue, { minLength: 5, maxLength: 5 }), (schema, values) => {
      const own = new JsonSchemaValidator(structuredClone(schema) as never);
      const other = new Validator(structuredClone(schema) as Schema, "2020-12", false);
      for (const value of values) {
        expect([value, own.validate(value).length === 0]).toEqual([
          value,
          other.validate(value).valid,
        ]);
      }
    }),
    { numRuns: 2_000 },
  );
});

describe("what is wrong is said once, where it is", () => {
  const point = {
    type: "object",
    properties: { x: { type: "number" }, kind: { const: "point" } },
    required: ["x", "kind"],
    additionalProperties: false,
  };
  const text = { type: "object", properties: { kind: { const: "text" } }, required: ["kind"] };
  test.each<[object, unknown, string[]]>([
    [{ type: ["string", "null"] }, 5, [": must be string, null, got the number 5"]],
    [{ enum: ["a", 1, null] }, "b", [': must be one of "a", 1, null']],
    [{ const: { a: 1 } }, {}, [': must be {"a":1}']],
    [
      point,
      { x: "1", kind: "point", y: 2 },
      [
        'x: must be number, got the string "1"',
        ': has the key "y", which its schema does not allow',
      ],
    ],
    [point, [], [": must be object, got an array"]],
    [
      { items: point },
      [{ x: 1, kind: "point" }, {}],
      ['1: lacks the key "x"', '1: lacks the key "kind"'],
    ],
    [
      { anyOf: [point, { type: "null" }] },
      { x: "1", kind: "point" },
      ['x: must be number, got the string "1"'],
    ],
    [{ oneOf: [point, text] }, { kind: "text", x: 1 }, []],
    [{ anyOf: [point, text] }, { kind: "other", x: 1 }, ['kind: must be "point"']],
    [
      { anyOf: [{ type: "string" }, { type: "null" }] },
      5,
      [": must be string, got the number 5 or must be null, got the number 5"],
    ],
    [
      { oneOf: [{ type: "number" }, { minimum: 1 }] },
      5,
      [': fits 2 of the schemas in "oneOf", where only one may'],
    ],
    [{ not: { type: "number" } }, 5, [': fits the schema in "not"']],
    [
      { uniqueItems: true },
      [1, { a: 1, b: 2 }, { b: 2, a: 1 }],
      [": has the same item at 1 and at 2"],
    ],
    [{ prefixItems: [{}], items: false }, [1, 2, 3], [": must have at most 1 items"]],
    [
      { items: [{ type: "string" }], additionalItems: false },
      [1, 2],
      ["0: must be string, got the number 1", ": must have at most 1 items"],
    ],
    [
      { contains: { type: "string" }, maxContains: 1 },
      ["a", "b"],
      [': must have at most 1 items that fit "contains", and has 2'],
    ],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      [': has the key "ab", which must have at most 1 characters'],
    ],
    [
      { dependentRequired: { a: ["b"] } },
      { a: 1 },
      [': lacks the key "b", which the key "a" needs'],
    ],
    [
      { dependencies: { a: ["b"], c: { required: ["d"] } } },
      { a: 1, c: 1 },
      [': lacks the key "b", which the key "a" needs', ': lacks the key "d"'],
    ],
    [{ multipleOf: 0.1 }, 0.35, [": must be a multiple of 0.1"]],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ maxLength: 1 }, "😀", []],
    [{ pattern: "^a" }, "ba", [": must match the pattern ^a"]],
    [{ format: "date" }, "2023-02-29", [": must be of the format date"]],
    [{ format: "no-such" }, "x", []],
    [
      { properties: { toString: { type: "string" } }, required: ["constructor"] },
      {},
      [': lacks the key "constructor"'],
    ],
    [{ properties: { a: false } }, { a: 1 }, ["a: is not allowed"]],
  ])("%j with %j", (schema, value, issues) => {
    expect(issuesOf(schema, value)).toEqual(issues);
  });

  test("and no more than twenty times", () => {
    expect(issuesOf({ items: { type: "string" } }, Array(100_000).fill(1))).toHaveLength(20);
  });
});

describe("references", () => {
  test.each<[string, object]>([
    ["to the root", { properties: { a: { $ref: "#" } }, required: ["b"] }],
    [
      "by pointer",
      {
        properties: { a: { $ref: "#/$defs/a~1b~0%20c" } },
        $defs: { "a/b~ c": { required: ["b"] } },
      },
    ],
    [
      "by pointer to no schema's place",
      { properties: { a: { $ref: "#/x/0" } }, x: [{ required: ["b"] }] },
    ],
    [
      "by anchor",
      { properties: { a: { $ref: "#here" } }, $defs: { x: { $anchor: "here", required: ["b"] } } },
    ],
    [
      "by an anchor of draft 7",
      {
        properties: { a: { $ref: "#here" } },
        definitions: { x: { $id: "#here", required: ["b"] } },
      },
    ],
    [
      "by $id",
      {
        $id: "https://example.com/s/root",
        properties: { a: { $ref: "part" } },
        $defs: { x: { $id: "part", required: ["b"] } },
      },
    ],
  ])("%s", (_, schema) => {
    expect(fits(schema, { a: { b: 1 }, b: 1 })).toBe(true);
    expect(fits(schema, { a: {}, b: 1 })).toBe(false);
  });

  test.each<[string, object, string]>([
    ["elsewhere", { items: { $ref: "https://example.com/s" } }, "/items/$ref"],
    ["to nothing", { $ref: "#/$defs/a" }, "/$ref"],
    ["to what is no schema", { $ref: "#/title", title: "T" }, "/$ref"],
    ["to themselves", { $ref: "#" }, "/$ref"],
    [
      "to themselves by way of others",
      { $defs: { a: { anyOf: [{ $ref: "#/$defs/b" }] }, b: { not: { $ref: "#/$defs/a" } } } },
      "/$defs/a/anyOf/0/$ref/not/$ref",
    ],
    ["to what does not work", { $ref: "#/x", x: { pattern: "(" } }, "/$ref/pattern"],
  ])("%s are refused", (_, schema, pointer) => {
    expect(() => new JsonSchemaValidator({ ...schema })).toThrow(
      expect.objectContaining({ name: "MalformedSchema", pointer }),
    );
    expect(() => new JsonSchemaValidator({ ...schema })).toThrow(MalformedSchema);
  });
});

describe("the time grows as the value does", () => {
  const kinds = ["a", "b", "c", "d"].map((kind) => ({
    type: "object",
    properties: { next: { $ref: "#/$defs/node" }, kind: { const: kind } },
    required: ["kind"],
  }));
  const chain = (length: number): unknown =>
    length === 0 ? { kind: "d" } : { next: chain(length - 1), kind: "d" };

  test.each<[string, object, unknown, boolean]>([
    [
      "unique items",
      { uniqueItems: true },
      Array.from({ length: 100_000 }, (_, index) => ({ index })),
      true,
    ],
    [
      "a list of allowed values",
      { items: { enum: Array.from({ length: 1_000 }, (_, index) => index) } },
      Array(50_000).fill(999),
      true,
    ],
    [
      "a recursive union",
      { $ref: "#/$defs/node", $defs: { node: { anyOf: kinds } } },
      chain(200),
      true,
    ],
    [
      "a recursive choice",
      { $ref: "#/$defs/node", $defs: { node: { oneOf: kinds } } },
      chain(200),
      true,
    ],
    [
      "a pattern for keys",
      { patternProperties: { "^(a+)+$": {} }, additionalProperties: false },
      { [`${"a".repeat(5_000)}!`]: 1 },
      false,
    ],
    ["a format", { format: "email" }, `${"a.".repeat(50_000)}@b`, false],
    ["a date of any length", { format: "duration" }, `P${"1".repeat(100_000)}`, false],
  ])("%s", (_, schema, value, fitting) => {
    const started = performance.now();
    expect(fits(schema, value)).toBe(fitting);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
