import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import { prepareSchema } from "../../../src/input/prepare-schema.ts";
import type { Schema } from "../../../src/input/schema.ts";
import { TookTooLong, withinTime } from "../../../src/input/time-limit.ts";
import { tool } from "../../../src/input/tool.ts";
import { synchronousValidate } from "../../../src/sync/synchronous.ts";

const zodNode = z.object({
  get next() {
    return zodNode.nullable();
  },
});
interface Node {
  next: Node | null;
}
const valibotNode: v.GenericSchema<Node> = v.object({
  next: v.nullable(v.lazy(() => valibotNode)),
});
const jsonNode = {
  type: "object",
  properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
  required: ["next"],
  additionalProperties: false,
};
const nodes: [string, Schema][] = [
  ["JSON Schema", jsonNode],
  ["zod", zodNode],
  ["valibot", toStandardJsonSchema(valibotNode)],
  ["arktype", scope({ node: { next: "node|null" } }).export().node as unknown as Schema],
];
const chain = (length: number) => `${'{"next":'.repeat(length)}null${"}".repeat(length)}`;

const anything = { type: "object", properties: {}, additionalProperties: true };
const parse = (text: string, schema: Schema = anything) =>
  prepareOutput(schema, { strict: false }).parse(text);

describe.each(nodes)("an answer that is nested deeply, with %s", (_, schema) => {
  test("fits up to 128 levels", async () => {
    expect((await parse(chain(128), schema)).issues).toBeUndefined();
  });

  test.each([129, 20_000, 1_000_000])("is invalid with %i", async (depth) => {
    const { issues } = await parse(chain(depth), schema);
    expect(issues).toEqual([
      { message: "is nested more than 128 levels deep", path: expect.any(Array) },
    ]);
    expect(issues?.[0]?.path).toHaveLength(129);
  });
});

test.each([
  ['{"a":["\\ud800"]}', "contains half of a character (a lone surrogate)", ["a", 0]],
  ['{"a":{"x\\udfff":1}}', "has a key that contains half of a character (a lone surrogate)", ["a"]],
  ['"\\ud83d"', "contains half of a character (a lone surrogate)", []],
])("halves of characters make the answer invalid: %s", async (text, message, path) => {
  expect(await parse(text)).toEqual({ issues: [{ message, path }] });
  expect((await parse('{"a":"\\ud83d\\ude00"}')).issues).toBeUndefined();
});

test.each([
  ["1e400", { type: "integer" }],
  ["-1e400", { type: "number" }],
  ['{"a":1e999}', z.object({ a: z.any() })],
  ["1e400", {}],
])("%s doesn't match %j", async (text, schema) => {
  const { issues } = await parse(text, schema as Schema);
  expect(issues?.map(({ message }) => message)).toEqual(["is too large a number"]);
});

describe("members named __proto__ are dropped", () => {
  const text = '{"a":[{"__proto__":{"admin":true},"b":1}],"__proto__":{"x":1}}';

  test.each<[string, Schema]>([
    ["JSON Schema", anything],
    ["zod", z.looseObject({})],
  ])("from outputs, with %s", async (_, schema) => {
    const { value } = (await parse(text, schema)) as { value: { a: { b: number }[] } };
    expect(JSON.stringify(value)).toBe('{"a":[{"b":1}]}');
    expect(Object.assign({}, value)).not.toHaveProperty("x");
  });

  test("and from the arguments of tools, which are unchanged for others", async () => {
    let given: unknown;
    const execute = (args: unknown) => {
      given = args;
    };
    const args = JSON.parse(text);
    await tool({ name: "t", description: "d", input: anything, execute }).call(args, {
      threadId: "",
      turnId: "",
      callId: "",
      signal: new AbortController().signal,
    });
    expect(JSON.stringify(given)).toBe('{"a":[{"b":1}]}');
    expect(JSON.stringify(args)).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe("patterns that backtrack are bounded", () => {
  const hostile = JSON.stringify({ a: `${"a".repeat(50)}!` });
  const limitMs = 100;

  test.each(["^(a+)+$", "^(a|a)*$", "^(?=(a+)+$)a", "^([a-z]+)*$", "^(a+)+\\1$"])(
    "%s in a JSON Schema is stopped, and the issue blames the schema",
    async (pattern) => {
      const schema = { type: "object", properties: { a: { type: "string", pattern } } };
      const prepared = prepareOutput(schema, { strict: false, limitMs });
      const message =
        "can't be checked: the JSON Schema took longer than 100 ms (suspects: /properties/a/pattern)";
      expect(await prepared.parse(hostile)).toEqual({ issues: [{ message, path: [] }] });
      expect((await parse('{"a":"aaaa"}', schema)).issues).toBeUndefined();
    },
  );

  test("a library that backtracks is stopped, and the answer counts as unchecked", async () => {
    const schema = z.object({ a: z.string().regex(/^(a+)+$/) });
    const prepared = prepareOutput(schema, { strict: false, limitMs });
    expect((await prepared.parse(hostile)).issues).toEqual([
      {
        message: expect.stringMatching(/^can't be checked: the zod schema took longer than 100 ms/),
        path: [],
      },
    ]);
    expect((await parse('{"a":"aa"}', schema)).issues).toBeUndefined();
  });

  test("and so is one that validates in the thread of a blocking client", () => {
    const schema = z.object({ a: z.string().regex(/^(a+)+$/) });
    const { vendor, validate } = schema["~standard"];
    const check = synchronousValidate({ "~standard": { vendor, validate } });
    expect(check(JSON.parse(hostile))).toMatchObject({
      issues: [{ message: expect.stringMatching(/took longer than 2000 ms/) }],
    });
  });

  test("also inside each other", () => {
    const loop = () => {
      for (;;);
    };
    const inside = (inner: number) => () => withinTime(inner, loop);
    expect(() => withinTime(10_000, inside(50))).toThrow("took longer than 50 ms");
    expect(() => withinTime(50, inside(10_000))).toThrow(TookTooLong);
    expect(withinTime(999, () => withinTime(999, () => 1) + withinTime(999, () => 2))).toBe(3);
  });

  test("what a library throws is rethrown unchanged", async () => {
    const mine = new TypeError("mine");
    const schema = z.object({}).refine(() => {
      throw mine;
    });
    await expect(prepareSchema(schema, "s").validate({})).rejects.toBe(mine);
  });
});
