import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Input, InputItem } from "../../src/input/input.ts";
import { prepareOutput } from "../../src/input/output-schema.ts";
import type { prepareInput } from "../../src/input/prepare-input.ts";
import type { OutputOf, Schema } from "../../src/input/schema.ts";
import { type Tool, tool } from "../../src/input/tool.ts";
import { ToolSet } from "../../src/input/tool-set.ts";
import type { UserInput } from "../../src/protocol/index.ts";

const zodCity = z.object({ city: z.string(), size: z.string().transform(Number) });
const valibotCity = toStandardJsonSchema(v.object({ city: v.string(), size: v.number() }));
const arktypeCity = type({ city: "string", size: "string.numeric.parse" });
const jsonCity = { type: "object", properties: { city: { type: "string" } } } as const;

type City = { city: string; size: number };

test("the item types are those of the protocol", () => {
  expectTypeOf<InputItem["type"]>().toEqualTypeOf<UserInput["type"]>();
  expectTypeOf<UserInput>().toExtend<InputItem>();
  expectTypeOf<ReturnType<typeof prepareInput>>().resolves.toEqualTypeOf<UserInput[]>();
});

test("an input is a string, an item, or a list of both", () => {
  expectTypeOf<string>().toExtend<Input>();
  expectTypeOf<readonly ["look", { type: "localImage"; path: string }]>().toExtend<Input>();
  expectTypeOf<{ type: "image"; fileId: string }>().toExtend<Input>();
  expectTypeOf<{ type: "image" }>().not.toExtend<Input>();
  expectTypeOf<{ type: "video"; url: string }>().not.toExtend<Input>();
  expectTypeOf<number>().not.toExtend<Input>();
});

describe("the output's type", () => {
  test("comes from the schema's output, not its input", () => {
    expectTypeOf<OutputOf<typeof zodCity>>().toEqualTypeOf<City>();
    expectTypeOf<OutputOf<typeof valibotCity>>().toEqualTypeOf<City>();
    expectTypeOf<OutputOf<typeof arktypeCity>>().toEqualTypeOf<City>();
  });

  test("is unknown for a plain JSON Schema", () => {
    expectTypeOf<OutputOf<typeof jsonCity>>().toBeUnknown();
    expectTypeOf<OutputOf<Schema>>().toBeUnknown();
  });

  test("reaches parse", async () => {
    const parsed = await prepareOutput(zodCity).parse("");
    if (parsed.issues === undefined) expectTypeOf(parsed.value).toEqualTypeOf<City>();
    else expectTypeOf(parsed.issues[0]?.path).toEqualTypeOf<readonly PropertyKey[] | undefined>();
  });

  test("a schema without a JSON Schema doesn't compile", () => {
    // @ts-expect-error valibot needs toStandardJsonSchema
    prepareOutput(v.object({ city: v.string() }));
    // @ts-expect-error a string isn't a schema
    prepareOutput("object");
  });
});

describe("the arguments of a tool", () => {
  const about = { name: "weather", description: "The weather in a city" };

  test("are inferred from zod, valibot and arktype", () => {
    tool({ ...about, input: zodCity, execute: (args) => expectTypeOf(args).toEqualTypeOf<City>() });
    tool({ ...about, input: valibotCity, execute: ({ size }) => size + 1 });
    tool({ ...about, input: arktypeCity, execute: ({ city }) => city.toUpperCase() });
  });

  test("are an object of unknown values for a plain JSON Schema", () => {
    tool({
      ...about,
      input: jsonCity,
      execute: (args, context) => {
        expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        return null;
      },
    });
  });

  test("results can be nothing, JSON, interfaces and content items, or promises of them", () => {
    interface Weather {
      degrees: number;
    }
    const weather: Weather = { degrees: 5 };
    const tools: Tool[] = [
      tool({ ...about, input: zodCity, execute: () => {} }),
      tool({ ...about, input: zodCity, execute: async () => {} }),
      tool({ ...about, input: zodCity, execute: () => weather }),
      tool({ ...about, input: zodCity, execute: async () => [weather] }),
      tool({ ...about, input: zodCity, execute: () => [{ type: "inputText", text: "5" }] }),
    ];
    new ToolSet([...tools, { name: "more", tools }]);
  });
});
