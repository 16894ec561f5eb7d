import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope, type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidSchemaError } from "../../../src/errors/errors.ts";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import type { JsonSchema, Schema } from "../../../src/input/schema.ts";

const nothing = { name: z.string().describe("the name") };
const shared = z.object({ x: z.string() }).meta({ id: "Shared" });
const recursive = z.object({
  value: z.string(),
  get next() {
    return recursive.nullable().describe("the next one");
  },
});

/** The JSON Schema of the key `a` of an object that has this schema there. */
function converted(schema: Schema): unknown {
  const { properties } = prepareOutput(schema).jsonSchema as JsonSchema;
  return (properties as { a: unknown }).a;
}

const zod = (a: z.ZodType) => converted(z.object({ a }) as Schema);
const valibot = (a: v.GenericSchema) => converted(toStandardJsonSchema(v.object({ a })));
const arktype = (a: string) => converted(type({ a } as never) as unknown as Schema);

describe("ordinary schemas fit strict mode", () => {
  test.each<[string, () => unknown, unknown]>([
    ["a literal of zod", () => zod(z.literal("x")), { type: "string", const: "x" }],
    ["a literal of valibot", () => valibot(v.literal("x")), { type: "string", const: "x" }],
    ["a literal of arktype", () => arktype("'x'"), { type: "string", const: "x" }],
    ["true in arktype", () => arktype("true"), { type: "boolean", const: true }],
    ["an enum of arktype", () => arktype("'x'|'y'"), { type: "string", enum: ["x", "y"] }],
    [
      "an enum with null",
      () => zod(z.literal(["x", null])),
      { type: ["string", "null"], enum: ["x", null] },
    ],
    [
      "literals of several types",
      () => zod(z.literal(["x", 1, null])),
      {
        anyOf: [
          { type: "string", enum: ["x"] },
          { type: "number", enum: [1] },
          { type: "null", enum: [null] },
        ],
      },
    ],
    [
      "an enum of TypeScript",
      () => valibot(v.enum({ A: "x", B: 1 })),
      {
        anyOf: [
          { type: "string", enum: ["x"] },
          { type: "number", enum: [1] },
        ],
      },
    ],
    [
      "a union of valibot",
      () => valibot(v.union([v.literal("x"), v.literal(1)])),
      {
        anyOf: [
          { type: "string", const: "x" },
          { type: "number", const: 1 },
        ],
      },
    ],
    ["a nullable", () => zod(z.string().nullable()), { type: ["string", "null"] }],
    [
      "a text with a length",
      () => zod(z.string().min(1).max(5)),
      { type: "string", description: "(minLength: 1, maxLength: 5)" },
    ],
    [
      "a described one",
      () => zod(z.string().min(1).describe("The name")),
      { type: "string", description: "The name (minLength: 1)" },
    ],
    [
      "a URL",
      () => valibot(v.pipe(v.string(), v.url())),
      { type: "string", description: "(format: uri)" },
    ],
    [
      "base64",
      () => valibot(v.pipe(v.string(), v.base64())),
      { type: "string", description: "(contentEncoding: base64)" },
    ],
    [
      "a date as text",
      () => valibot(v.pipe(v.string(), v.isoDate())),
      { type: "string", format: "date" },
    ],
    [
      "a host name, whose pattern looks ahead",
      () => zod(z.hostname()),
      {
        type: "string",
        format: "hostname",
        description: expect.stringContaining("(pattern: ^(?="),
      },
    ],
    [
      "two patterns",
      () => zod(z.string().regex(/a/).regex(/b/)),
      { type: "string", pattern: "a", description: "(pattern: b)" },
    ],
    [
      "a UUID of arktype",
      () => arktype("string.uuid"),
      {
        anyOf: expect.arrayContaining([
          expect.objectContaining({ format: "uuid", type: "string" }),
        ]),
        description: "a UUID (format: uuid)",
      },
    ],
    [
      "a default that is always given",
      () => zod(z.string().catch("x")),
      { type: "string", description: "(default: x)" },
    ],
    [
      "annotations",
      () => zod(z.string().meta({ title: "T", examples: ["x"], deprecated: true })),
      { type: "string", title: "T", description: '(examples: ["x"])' },
    ],
    [
      "a record of an enum",
      () => zod(z.record(z.enum(["x", "y"]), z.number().min(0))),
      {
        type: "object",
        properties: { x: { type: "number", minimum: 0 }, y: { type: "number", minimum: 0 } },
        required: ["x", "y"],
        additionalProperties: false,
      },
    ],
    ["a reference", () => zod(shared), { $ref: "#/$defs/Shared" }],
    [
      "a described reference",
      () => zod(shared.describe("this one")),
      { anyOf: [{ $ref: "#/$defs/Shared" }], description: "this one" },
    ],
    [
      "an integer",
      () => zod(z.int32()),
      { type: "integer", minimum: -2147483648, maximum: 2147483647 },
    ],
    [
      "what may be of any of two types",
      () => zod(z.union([z.string(), z.number()])),
      { type: ["string", "number"] },
    ],
  ])("%s", (_, convert, expected) => {
    expect(convert()).toEqual(expected);
  });

  test.each<[string, () => Schema]>([
    ["zod's recursive types", () => recursive],
    [
      "zod's discriminated unions",
      () =>
        z.object({
          a: z.discriminatedUnion("k", [
            z.object({ k: z.literal("x") }),
            z.object({ k: z.literal("y") }),
          ]),
        }),
    ],
    ["zod's intersections", () => z.intersection(z.object(nothing), z.object({ b: z.number() }))],
    ["zod's readonly objects", () => z.object(nothing).readonly()],
    [
      "zod's formats",
      () =>
        z.object({
          a: z.email(),
          b: z.url(),
          c: z.uuid(),
          d: z.ipv4(),
          e: z.ipv6(),
          f: z.cidrv4(),
          g: z.base64(),
          h: z.emoji(),
          i: z.jwt(),
          j: z.e164(),
          k: z.iso.datetime(),
          l: z.iso.duration(),
          m: z.iso.time(),
          n: z.ulid(),
        }),
    ],
    [
      "zod's codecs",
      () =>
        z.object({
          at: z.codec(z.iso.datetime(), z.date(), {
            decode: (text) => new Date(text),
            encode: (date) => date.toISOString(),
          }),
        }),
    ],
    [
      "valibot's variants",
      () =>
        toStandardJsonSchema(
          v.object({
            a: v.variant("k", [v.object({ k: v.literal("x") }), v.object({ k: v.literal("y") })]),
          }),
        ),
    ],
    [
      "arktype's recursive types",
      () => scope({ node: { value: "string>0", children: "node[]" } }).export().node,
    ],
    ["arktype's branches", () => type({ a: type({ k: "'x'" }).or({ k: "'y'", n: "number%2" }) })],
    [
      "arktype's formats",
      () => type({ a: "string.email", b: "string.url", c: "string.date.iso", d: "string.numeric" }),
    ],
  ])("%s", (_, make) => {
    expect(() => prepareOutput(make())).not.toThrow();
  });
});

test("the library still checks what strict mode can't enforce", async () => {
  const { parse } = prepareOutput(z.object({ a: z.string().min(3), b: z.url() }));
  expect((await parse('{"a":"abc","b":"https://example.com"}')).issues).toBeUndefined();
  expect((await parse('{"a":"a","b":"x"}')).issues).toHaveLength(2);
});

test("without strict mode a schema is sent as the library generates it", () => {
  const schema = z.object({ a: z.string().min(1), b: z.url(), c: z.literal(["x", 1]) });
  const { properties } = prepareOutput(schema, { strict: false }).jsonSchema as JsonSchema;
  expect(properties).toEqual({
    a: { type: "string", minLength: 1 },
    b: { type: "string", format: "uri" },
    c: { enum: ["x", 1] },
  });
});

describe("what only the author can rewrite is refused, with a remedy", () => {
  test.each<[string, () => Schema, string, RegExp]>([
    [
      "an optional key",
      () => z.object({ a: z.string().optional() }),
      "/properties/a",
      /is optional: make it required/,
    ],
    [
      "an optional key of valibot",
      () => toStandardJsonSchema(v.object({ a: v.optional(v.string(), "x") })),
      "/properties/a",
      /is optional/,
    ],
    ["an optional key of arktype", () => type({ "a?": "string" }), "/properties/a", /is optional/],
    ["a default", () => z.object({ a: z.string().default("x") }), "/properties/a", /is optional/],
    [
      "a record",
      () => z.object({ a: z.record(z.string(), z.number()) }),
      "/properties/a",
      /has propertyNames.*an array of objects with a key and a value|takes keys/,
    ],
    [
      "a partial record",
      () => z.object({ a: z.partialRecord(z.enum(["x"]), z.number()) }),
      "/properties/a",
      /propertyNames/,
    ],
    [
      "a tuple",
      () => z.object({ a: z.tuple([z.string()]) }),
      "/properties/a",
      /has prefixItems.*use an object with one key for each element/,
    ],
    [
      "a date of zod",
      () => z.object({ a: z.date() }),
      "",
      /zod can't convert it to JSON Schema: .*Date/,
    ],
    [
      "a date of valibot",
      () => toStandardJsonSchema(v.object({ a: v.date() })),
      "",
      /valibot can't convert it to JSON Schema: .*date/,
    ],
    ["a date of arktype", () => type({ a: "Date" }), "/properties/a", /doesn't restrict the value/],
    ["anything", () => z.object({ a: z.any() }), "/properties/a", /doesn't restrict the value/],
    [
      "a union at the root",
      () => z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      "",
      /must be an object schema, without anyOf/,
    ],
    [
      "an intersection of valibot",
      () =>
        toStandardJsonSchema(
          v.object({ a: v.intersect([v.object({ b: v.string() }), v.object({ c: v.string() })]) }),
        ),
      "/properties/a",
      /has allOf, .* merge its parts into one schema/,
    ],
    ["never", () => z.object({ a: z.never() }), "/properties/a", /has not/],
  ])("%s", (_, make, path, message) => {
    try {
      prepareOutput(make());
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidSchemaError);
      expect(error).toMatchObject({ path, message: expect.stringMatching(message) });
      return;
    }
    throw new Error("nothing was refused");
  });
});
