import { describe, expect, test } from "vitest";
import { MalformedSchema } from "../../../src/input/json-schema/form.ts";
import { JsonSchemaValidator } from "../../../src/input/json-schema/validator.ts";

function compile(schema: object, limitMs = 2_000): JsonSchemaValidator {
  return new JsonSchemaValidator(structuredClone(schema) as never, limitMs);
}

async function issuesOf(schema: object, value: unknown, limitMs?: number): Promise<string[]> {
  const issues = await compile(schema, limitMs).validate(value);
  return issues.map(({ message, path }) => `${path.join(".")}: ${message}`);
}

function lacks(path: string, key: string): string {
  return `${path}: Instance does not have required property "${key}".`;
}

function isNot(path: string, type: string, expected: string): string {
  return `${path}: Instance type "${type}" is invalid. Expected "${expected}".`;
}

describe("each error is reported once, at its place", () => {
  const point = {
    type: "object",
    properties: { x: { type: "number" }, kind: { const: "point" } },
    required: ["x", "kind"],
    additionalProperties: false,
  };
  const text = { type: "object", properties: { kind: { const: "text" } }, required: ["kind"] };
  test.each<[object, unknown, string[]]>([
    [{ type: ["string", "null"] }, 5, [isNot("", "number", 'string", "null')]],
    [{ const: { a: 1 } }, {}, [': Instance does not match {"a":1}.']],
    [
      point,
      { x: "1", kind: "point", y: 2 },
      [
        isNot("x", "string", "number"),
        ': Property "y" does not match additional properties schema.',
      ],
    ],
    [{ additionalProperties: { type: "number" } }, { a: "" }, [isNot("a", "string", "number")]],
    [point, [], [isNot("", "array", "object")]],
    [{ items: point }, [{ x: 1, kind: "point" }, {}], [lacks("1", "x"), lacks("1", "kind")]],
    [{ oneOf: [point, text] }, { kind: "text", x: 1 }, []],
    [
      { anyOf: [{ type: "string" }, { type: "null" }] },
      5,
      [
        ": Instance does not match any subschemas.",
        isNot("", "number", "string"),
        isNot("", "number", "null"),
      ],
    ],
    [
      { oneOf: [{ type: "number" }, { minimum: 1 }] },
      5,
      [": Instance does not match exactly one subschema (2 matches)."],
    ],
    [{ not: { type: "number" } }, 5, [': Instance matched "not" schema.']],
    [
      { uniqueItems: true },
      [1, { a: 1, b: 2 }, { b: 2, a: 1 }],
      [": Duplicate items at indexes 1 and 2."],
    ],
    [{ items: [{ type: "string" }], additionalItems: false }, ["a"], []],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      [': Property name "ab" does not match schema.', "ab: String is too long (2 > 1)."],
    ],
    [
      { dependencies: { a: ["b"], c: { required: ["d"] } } },
      { a: 1, c: 1 },
      [': Instance has "a" but does not have "b".', lacks("", "d")],
    ],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ maxLength: 1 }, "😀", []],
    [{ pattern: "^a" }, "ba", [": String does not match pattern."]],
    [{ format: "no-such" }, "x", []],
    [
      { properties: { toString: { type: "string" } }, required: ["constructor"] },
      {},
      [lacks("", "constructor")],
    ],
    [{ properties: { a: false } }, { a: 1 }, [': Property "a" does not match schema.']],
    [
      { properties: { "a/b~ é%23#": { items: { type: "null" } } } },
      { "a/b~ é%23#": [null, 1] },
      [isNot("a/b~ é%23#.1", "number", "null")],
    ],
  ])("%j with %j", async (schema, value, issues) => {
    expect(await issuesOf(schema, value)).toEqual(issues);
  });

  test("and at most twenty are reported", async () => {
    const schema = { properties: { a: { items: { type: "string" } } } };
    expect(await issuesOf({ items: { type: "string" } }, Array(1_000).fill(1))).toHaveLength(20);
    // More errors than the library can collect: the first is enough.
    expect(await issuesOf(schema, { a: Array(100_000).fill(1) })).not.toHaveLength(0);
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
    ["as draft 2019-09 recurses", { properties: { a: { $recursiveRef: "#" } }, required: ["b"] }],
    [
      "dynamically, beside another",
      {
        $dynamicAnchor: "here",
        properties: { a: { $ref: "#/$defs/any", $dynamicRef: "#here" } },
        required: ["b"],
        $defs: { any: {} },
      },
    ],
  ])("%s", async (_, schema) => {
    expect(await issuesOf(schema, { a: { b: 1 }, b: 1 })).toEqual([]);
    expect(await issuesOf(schema, { a: {}, b: 1 })).toEqual([lacks("a", "b")]);
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
    [
      "to themselves, as draft 2019-09 does it",
      { not: { $recursiveRef: "#" } },
      "/not/$recursiveRef",
    ],
    ["to what does not work", { $ref: "#/x", x: { pattern: "(" } }, "/$ref/pattern"],
  ])("%s are refused", (_, schema, pointer) => {
    expect(() => compile(schema)).toThrow(
      expect.objectContaining({ name: "MalformedSchema", pointer }),
    );
    expect(() => compile(schema)).toThrow(MalformedSchema);
  });
});

test("an invalid pattern for keys is refused", () => {
  expect(() => compile({ patternProperties: { "(/": {} } })).toThrow(
    expect.objectContaining({ pointer: "/patternProperties/(~1" }),
  );
});

test("a format with the name of an object's member is refused", () => {
  expect(() => compile({ format: "hasOwnProperty" })).toThrow(/must be the name of a format/);
});

describe("a recursive union is checked alternative by alternative", () => {
  const kinds = ["a", "b", "c", "d"].map((kind) => ({
    type: "object",
    properties: { next: { $ref: "#/$defs/node" }, kind: { const: kind } },
    required: ["kind"],
  }));
  const chain = (length: number, last: string): unknown =>
    length === 0 ? { kind: last } : { next: chain(length - 1, last), kind: "d" };

  test.each(["anyOf", "oneOf"])("%s, although its kind comes last", async (keyword) => {
    const schema = { $ref: "#/$defs/node", $defs: { node: { [keyword]: kinds } } };
    expect(await issuesOf(schema, chain(100, "d"))).toEqual([]);
    const issues = await issuesOf(schema, chain(100, "other"));
    expect(issues[0]).toMatch(/^: Instance does not match (any|exactly one)/);
  });
});

describe("a check that takes too long is stopped, and the schema is blamed", () => {
  const LIMIT_MS = 50;
  const backtracks = { pattern: "^(a+)+$" };
  const hostile = `${"a".repeat(50)}!`;
  const took = "can't be checked: the JSON Schema took longer than 50 ms";

  test.each<[string, object, unknown, string]>([
    ["a pattern", { properties: { a: backtracks } }, { a: hostile }, "/properties/a/pattern"],
    [
      "a pattern for keys",
      { patternProperties: { "^(a+)+$": {} } },
      { [hostile]: 1 },
      "/patternProperties/^(a+)+$",
    ],
    [
      "unique items",
      { uniqueItems: true },
      Array.from({ length: 100_000 }, (_, index) => ({ index })),
      "/uniqueItems",
    ],
    [
      "a union",
      {
        anyOf: ["a", "b"].map((key) => ({
          properties: { next: { $ref: "#" } },
          required: [key],
        })),
      },
      JSON.parse(`${'{"b":1,"next":'.repeat(100)}1${"}".repeat(100)}`),
      "nested anyOf or oneOf",
    ],
    [
      "one of many patterns",
      { allOf: Array.from({ length: 5 }, () => ({ ...backtracks })) },
      hostile,
      "/allOf/0/pattern, /allOf/1/pattern, /allOf/2/pattern, …",
    ],
  ])("%s", async (_, schema, value, suspects) => {
    expect(await issuesOf(schema, value, LIMIT_MS)).toEqual([`: ${took} (suspects: ${suspects})`]);
  });

  test("unless an issue is known already", async () => {
    const schema = { properties: { a: { const: 1 }, b: backtracks } };
    expect(await issuesOf(schema, { a: 2, b: hostile }, 1_000)).toEqual([
      "a: Instance does not match 1.",
    ]);
  });
});
