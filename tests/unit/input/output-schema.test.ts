import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope, type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { z as zod3 } from "zod/v3";
import { InvalidSchemaError } from "../../../src/errors/errors.ts";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import type { JsonSchema, Schema } from "../../../src/input/schema.ts";

const city = {
  type: "object",
  properties: {
    name: { type: "string" },
    places: {
      type: "array",
      items: {
        type: "object",
        properties: { size: { type: "number" } },
        required: ["size"],
        additionalProperties: false,
      },
    },
  },
  required: ["name", "places"],
  additionalProperties: false,
} satisfies JsonSchema;

const libraries = {
  zod: z.object({ name: z.string(), places: z.array(z.object({ size: z.number() })) }),
  valibot: toStandardJsonSchema(
    v.object({ name: v.string(), places: v.array(v.object({ size: v.number() })) }),
  ),
  arktype: type({ name: "string", places: type({ size: "number" }).array() }),
};

function refusal(schema: unknown, options?: { strict?: boolean }): Error {
  try {
    prepareOutput(schema as Schema, options);
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
}

describe("the JSON Schema", () => {
  test.each(Object.entries(libraries))("of %s is closed and clean", (_, schema) => {
    expect(prepareOutput<Schema>(schema).jsonSchema).toEqual(city);
  });

  test("of a plain JSON Schema is the very same object", () => {
    const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...city };
    expect(prepareOutput(schema).jsonSchema).toBe(schema);
  });

  test("describes the input of a library's schema if it differs from the output", () => {
    const schema = z.object({ size: z.string().transform(Number) });
    expect(prepareOutput(schema).jsonSchema).toMatchObject({
      properties: { size: { type: "string" } },
    });
  });

  test("has anyOf instead of a library's oneOf", () => {
    const kind = (name: string) => z.object({ kind: z.literal(name) });
    const schema = z.object({ it: z.discriminatedUnion("kind", [kind("a"), kind("b")]) });
    const { properties } = prepareOutput(schema).jsonSchema as JsonSchema;
    expect(properties).toEqual({
      it: {
        anyOf: ["a", "b"].map((name) => ({
          type: "object",
          properties: { kind: { type: "string", const: name } },
          required: ["kind"],
          additionalProperties: false,
        })),
      },
    });
  });

  test("of a recursive type has an object at its root", () => {
    const { node } = scope({ node: { value: "string", children: "node[]" } }).export();
    const schema = prepareOutput(node).jsonSchema as JsonSchema;
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(schema.$ref).toBeUndefined();
    expect(Object.keys(schema.$defs as object)).not.toHaveLength(0);
  });

  test("leaves the parts of an intersection open, and objects that an author left open on purpose", () => {
    const loose = toStandardJsonSchema(
      v.object({ both: v.intersect([v.object({ a: v.string() }), v.object({ b: v.string() })]) }),
    );
    const { properties } = prepareOutput(loose, { strict: false }).jsonSchema as JsonSchema;
    expect(properties).toEqual({
      both: {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { type: "object", properties: { b: { type: "string" } }, required: ["b"] },
        ],
      },
    });
    const record = z.object({ sizes: z.record(z.string(), z.number()) });
    expect(prepareOutput(record, { strict: false }).jsonSchema).toMatchObject({
      properties: { sizes: { additionalProperties: { type: "number" } } },
    });
  });
});

describe("a schema that can't be converted to JSON Schema", () => {
  test.each([
    ["valibot", v.object({ a: v.string() }), "toStandardJsonSchema() of @valibot/to-json-schema"],
    ["zod", zod3.object({ a: zod3.string() }), '"zod" 4.2 or later'],
    [
      "arktype",
      { "~standard": { version: 1, vendor: "arktype", validate: () => ({ value: 1 }) } },
      "arktype 2.1.28 or later",
    ],
    [
      "other",
      { "~standard": { version: 1, vendor: "other", validate: () => ({ value: 1 }) } },
      "pass a plain JSON Schema",
    ],
  ])("of %s is refused with what to do", (vendor, schema, remedy) => {
    const error = refusal(schema);
    expect(error).toBeInstanceOf(InvalidSchemaError);
    expect(error.message).toContain(`this ${vendor} schema can't be converted to JSON Schema`);
    expect(error.message).toContain(remedy);
  });

  test("is refused when it is empty, or when the library throws", () => {
    expect(refusal(z.any(), { strict: false }).message).toMatch(/JSON Schema is empty/);
    const error = refusal(z.object({ at: z.date() }));
    expect(error.message).toMatch(/^outputSchema: zod can't convert it to JSON Schema: .*Date/);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.each([
    ["a string", "object"],
    ["an array", []],
    ["an instance of Map", new Map()],
  ])("is a TypeError when it is %s", (_, schema) => {
    expect(refusal(schema)).toBeInstanceOf(TypeError);
    expect(refusal(schema).message).toMatch(/must be a JSON Schema object or a Standard Schema/);
  });
});

describe("parse", () => {
  test.each(Object.entries({ ...libraries, "JSON Schema": city }))(
    "with %s gives the value, or issues with paths",
    async (_, schema) => {
      const { parse } = prepareOutput<Schema>(schema);
      const value = { name: "Rome", places: [{ size: 1 }] };
      expect(await parse(JSON.stringify(value))).toEqual({ value });
      expect(await parse('{ "name": "Rome", "places": [{ "size": "1" }] }')).toEqual({
        issues: [{ message: expect.stringContaining("number"), path: ["places", 0, "size"] }],
      });
    },
  );

  test("returns the output of the schema, even of an asynchronous one", async () => {
    const schema = z.object({ size: z.string().transform(async (size) => Number(size)) });
    expect(await prepareOutput(schema).parse('{"size":"5"}')).toEqual({ value: { size: 5 } });
  });

  test.each([
    ["", "The output is empty"],
    [" \n", "The output is empty"],
    ['```json\n{"name":1}\n```', expect.stringMatching(/^The output is not JSON: /)],
  ])("reports %j as an issue", async (text, message) => {
    expect(await prepareOutput(city).parse(text)).toEqual({ issues: [{ message, path: [] }] });
  });

  test("reports each fault of a plain JSON Schema once", async () => {
    const schema: JsonSchema = {
      type: "object",
      properties: { "a/b~ é": { $ref: "#/$defs/texts" } },
      required: ["a/b~ é", "other"],
      additionalProperties: false,
      $defs: { texts: { type: "array", items: { type: "string" } } },
    };
    const before = structuredClone(schema);
    const { parse } = prepareOutput(schema, { strict: false });
    expect(await parse('{ "a/b~ é": ["x", 1], "more": 2 }')).toEqual({
      issues: [
        { message: expect.stringContaining('"other"'), path: [] },
        { message: expect.stringContaining("number"), path: ["a/b~ é", 1] },
        { message: expect.stringContaining('"more"'), path: [] },
      ],
    });
    expect(schema).toStrictEqual(before);
    expect(Object.getOwnPropertyNames(schema)).toEqual(Object.keys(before));
  });

  test("reads tuples as older drafts write them, too", async () => {
    const tuple = { type: "array", items: [{ type: "string" }], additionalItems: false };
    const schema = { type: "object", properties: { tuple } };
    const { parse } = prepareOutput(schema, { strict: false });
    expect((await parse('{"tuple":["a",1]}')).issues).toHaveLength(1);
    expect((await parse('{"tuple":["a"]}')).issues).toBeUndefined();
  });

  test("uses the schema as it was when it was passed", async () => {
    const schema = structuredClone(city);
    const { parse } = prepareOutput(schema);
    schema.required.pop();
    expect((await parse('{"name":"Rome"}')).issues).toHaveLength(1);
  });
});

test("an invalid JSON Schema is refused before anything is sent", () => {
  const error = refusal({ $ref: "#/$defs/gone" }, { strict: false });
  expect(error).toBeInstanceOf(InvalidSchemaError);
  expect(error.message).toBe(
    `outputSchema isn't a valid JSON Schema: /$ref refers to "#/$defs/gone", which isn't in the schema`,
  );
  expect(error).toMatchObject({ path: "/$ref" });
  const itself: Record<string, unknown> = { type: "object" };
  itself.properties = { itself };
  expect(refusal(itself).message).toMatch(/isn't a valid JSON Schema: Converting circular/);
});
