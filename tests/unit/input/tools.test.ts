import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidSchemaError } from "../../../src/errors/errors.ts";
import type { Schema } from "../../../src/input/schema.ts";
import { type Tool, type ToolContext, tool } from "../../../src/input/tool.ts";
import { type ToolNamespace, ToolSet } from "../../../src/input/tool-set.ts";
import type { DynamicToolCallParams, JsonValue } from "../../../src/protocol/index.ts";

const citySchema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

const base = {
  name: "weather",
  description: "The weather in a city",
  input: z.object({ city: z.string() }),
  execute: ({ city }: { city: string }): unknown => `Rain in ${city}`,
};

function define(changes: Record<string, unknown>): Tool {
  return tool({ ...base, ...changes } as Parameters<typeof tool>[0]);
}

const { signal } = new AbortController();

function call(
  tools: readonly (Tool | ToolNamespace)[],
  args: JsonValue,
  changes: Partial<DynamicToolCallParams> = {},
): ReturnType<ToolSet["call"]> {
  const ids = { threadId: "thr", turnId: "turn", callId: "call" };
  const params = { ...ids, namespace: null, tool: "weather", arguments: args, ...changes };
  return new ToolSet(tools).call(params, { signal });
}

async function callReturning(result: unknown): ReturnType<ToolSet["call"]> {
  return call([define({ execute: () => result })], { city: "Rome" });
}

function text(success: boolean, text: unknown): unknown {
  return { success, contentItems: [{ type: "inputText", text }] };
}

describe("a definition", () => {
  test.each([
    [{ name: "" }, 'tool name must consist of letters, digits, "_" and "-", got the string ""'],
    [
      { name: "a b" },
      'tool name must consist of letters, digits, "_" and "-", got the string "a b"',
    ],
    [
      { name: "ab\n" },
      'tool name must consist of letters, digits, "_" and "-", got the string "ab\\n"',
    ],
    [{ name: "é" }, 'tool name must consist of letters, digits, "_" and "-", got the string "é"'],
    [{ name: 5 }, 'tool name must consist of letters, digits, "_" and "-", got the number 5'],
    [{ name: "mcp" }, 'tool name "mcp" is reserved for MCP: choose another'],
    [{ name: "mcp__a" }, 'tool name "mcp__a" is reserved for MCP: choose another'],
    [
      { description: " " },
      /^tool "weather": description must be a non-blank string .*, got the string " "$/,
    ],
    [
      { description: undefined },
      /^tool "weather": description must be a non-blank string .*, got undefined$/,
    ],
    [{ execute: "run" }, 'tool "weather": execute must be a function, got the string "run"'],
    [{ input: "object" }, /^tool "weather": input must be a JSON Schema object or a Standard/],
    [
      { input: { type: "array" } },
      'tool "weather": input must be an object schema, got one of type the string "array"',
    ],
    [{ input: z.array(z.string()) }, /^tool "weather": input must be an object schema/],
    [{ input: {} }, /^tool "weather": input must be an object schema, got one of type undefined/],
    [{ inputSchema: {} }, 'tool "weather" has no option "inputSchema"; did you mean input?'],
    [{ deferLoading: "yes" }, 'tool "weather" option deferLoading must be a boolean, not "yes"'],
  ])("is a TypeError: %j", (changes, message) => {
    expect(() => define(changes)).toThrow(TypeError);
    expect(() => define(changes)).toThrow(message);
  });

  test("that isn't an object is a TypeError", () => {
    for (const definition of [undefined, null, "weather", []]) {
      expect(() => tool(definition as never)).toThrow(
        /^tool: the definition must be an object, got/,
      );
    }
  });

  test("takes names of 1 to 128 characters", () => {
    expect(define({ name: "-" }).spec.name).toBe("-");
    expect(define({ name: "mcp_x" }).spec.name).toBe("mcp_x");
    expect(define({ name: "a".repeat(128) }).spec.name).toHaveLength(128);
    expect(() => define({ name: "a".repeat(129) })).toThrow(/at most 128 characters, got 129/);
  });

  test("an invalid JSON Schema is reported with its tool", () => {
    const input = { type: "object", properties: { a: { $ref: "#/gone" } } };
    expect(() => define({ input })).toThrow(InvalidSchemaError);
    expect(() => define({ input })).toThrow(
      /^tool "weather": input isn't a valid JSON Schema: \/properties\/a\/\$ref refers to "#\/gone"/,
    );
  });

  test("a schema that can't be converted is reported with its tool", () => {
    const input = v.object({ city: v.string() });
    expect(() => define({ input })).toThrow(InvalidSchemaError);
    expect(() => define({ input })).toThrow(/^tool "weather": input: this valibot schema/);
  });
});

describe("specs", () => {
  test.each<[string, Schema]>([
    ["zod", base.input],
    ["valibot", toStandardJsonSchema(v.object({ city: v.string() }))],
    ["arktype", type({ city: "string" })],
    ["JSON Schema", citySchema],
  ])("with %s", (_, input) => {
    expect(new ToolSet([define({ input })]).specs()).toEqual([
      {
        type: "function",
        name: "weather",
        description: "The weather in a city",
        inputSchema: citySchema,
      },
    ]);
  });

  test("optional arguments are fine: calls are not strict", () => {
    const input = z.object({ city: z.string().optional() });
    expect(define({ input }).spec.inputSchema).not.toHaveProperty("required");
  });

  test("of a namespace, with tools that are loaded on demand", () => {
    const later = define({ deferLoading: true });
    const set = new ToolSet([define({}), { name: "geo", tools: [later] }]);
    expect(set.specs()).toMatchObject([
      { type: "function", name: "weather" },
      {
        type: "namespace",
        name: "geo",
        description: "",
        tools: [{ type: "function", name: "weather", deferLoading: true }],
      },
    ]);
  });

  test.each([
    [[define({}), define({})], 'tool "weather" is defined twice: names must be unique'],
    [[{ name: "n", tools: [define({}), define({})] }], 'tool "n.weather" is defined twice'],
    [
      [
        { name: "n", tools: [define({})] },
        { name: "n", tools: [define({ name: "b" })] },
      ],
      'tool namespace "n" is defined twice',
    ],
    [[{ name: "n", tools: [] }], 'tool namespace "n" has no tools'],
    [[{ name: "n n", tools: [define({})] }], "tool namespace must consist of letters"],
    [[{ name: "n".repeat(65), tools: [define({})] }], "at most 64 characters, got 65"],
    [
      [{ name: "n", description: "d".repeat(1025), tools: [define({})] }],
      "at most 1024 characters, got 1025",
    ],
    [
      [{ name: "n", descripton: "d", tools: [define({})] }],
      'tool namespace "n" has no option "descripton"; did you mean description?',
    ],
    [
      [{ name: "n", description: 5, tools: [define({})] }],
      'tool namespace "n" option description must be a string, not 5',
    ],
    [[define({ deferLoading: true })], "deferLoading works only inside a namespace"],
    [[base], "tools[0] must be created with tool(), got an object"],
    [[{ name: "n", tools: [base] }], "tools[0] must be created with tool(), got an object"],
    [define({}), "tools must be a list of tools, got an object"],
  ])("that the server would refuse are a TypeError: %#", (tools, message) => {
    expect(() => new ToolSet(tools as unknown as Tool[])).toThrow(TypeError);
    expect(() => new ToolSet(tools as unknown as Tool[])).toThrow(message);
  });
});

describe("a call", () => {
  test("executes with validated arguments and its context", async () => {
    const seen: unknown[] = [];
    const answer = await call(
      [
        tool({
          ...base,
          input: z.object({ days: z.string().transform(Number) }),
          execute: (args, context: ToolContext) => {
            seen.push(args, context);
            return "sun";
          },
        }),
      ],
      { days: "3" },
    );
    expect(answer).toEqual(text(true, "sun"));
    expect(seen).toEqual([
      { days: 3 },
      { threadId: "thr", turnId: "turn", callId: "call", signal },
    ]);
  });

  test("finds tools of one name by namespace", async () => {
    const set = [define({}), { name: "old", tools: [define({ execute: () => "was dry" })] }];
    expect(await call(set, { city: "Rome" })).toEqual(text(true, "Rain in Rome"));
    expect(await call(set, { city: "Rome" }, { namespace: "old" })).toEqual(text(true, "was dry"));
  });

  test.each([
    ["a string", "hi", "hi"],
    ["an object", { a: 1 }, '{"a":1}'],
    ["a promise", Promise.resolve([1]), "[1]"],
    ["a number", 0, "0"],
    ["null", null, "null"],
    ["nothing", undefined, ""],
    ["an empty list", [], "[]"],
    ["a list that is only partly content", [{ type: "inputText", text: "a" }, 1], undefined],
    ["an unknown content type", { type: "inputVideo", url: "a" }, undefined],
    ["content without its field", [{ type: "inputImage" }], undefined],
  ])("turns %s into one text", async (_, result, expected = JSON.stringify(result)) => {
    expect(await callReturning(result)).toEqual(text(true, expected));
  });
});

describe("a failed call returns a result that the model can read", () => {
  test("an unknown tool", async () => {
    const set = [define({}), { name: "geo", tools: [define({ name: "map" })] }];
    expect(await call(set, {}, { tool: "toString" })).toEqual(
      text(false, "There is no tool toString. The tools are: weather, geo.map"),
    );
    expect(await call([], {}, { namespace: "geo" })).toEqual(
      text(false, "There is no tool geo.weather. The tools are: none"),
    );
  });

  test.each<[string, Schema]>([
    ["zod", z.object({ at: z.object({ city: z.string() }) })],
    ["JSON Schema", { type: "object", properties: { at: citySchema } }],
  ])("arguments that %s refuses, issue by issue", async (_, input) => {
    const answer = await call([define({ input })], { at: { city: 5 } });
    expect(answer).toEqual(
      text(
        false,
        expect.stringMatching(
          /^The arguments of weather don't match its schema:\n- at\.city: .*string.*\nCorrect them and call again\.$/,
        ),
      ),
    );
    expect(await call([define({ input })], [])).toEqual(text(false, expect.stringMatching(/\n- /)));
  });

  test("the model reads twenty of very many issues", async () => {
    const answer = await call([define({ input: z.object({ list: z.array(z.string()) }) })], {
      list: Array(5_000).fill(1),
    });
    const [item] = answer.contentItems;
    const lines = item?.type === "inputText" ? item.text.split("\n") : [];
    expect(lines).toHaveLength(23);
    expect(lines.at(-2)).toBe("- and 4980 more");
  });

  test.each([
    [
      "a throw",
      () => {
        throw new Error("no network");
      },
      "Tool weather failed: no network",
    ],
    ["a rejection", () => Promise.reject(new RangeError()), "Tool weather failed: RangeError"],
    [
      "a thrown string",
      () => {
        throw "bad";
      },
      "Tool weather failed: bad",
    ],
    [
      "a thrown oddity",
      () => {
        throw Object.create(null);
      },
      "Tool weather failed: an object",
    ],
    [
      "a result that JSON can't represent",
      () => () => 1,
      "Tool weather failed: its result is a function, which JSON can't represent",
    ],
    ["a returned error", () => new Error("no network"), "Tool weather failed: no network"],
  ])("%s", async (_, execute, message) => {
    expect(await call([define({ execute })], { city: "Rome" })).toEqual(text(false, message));
  });
});
