import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { prepareOutput } from "../../../src/input/output-schema.ts";
import { prepareInput } from "../../../src/input/prepare-input.ts";
import type { Schema } from "../../../src/input/schema.ts";
import { tool } from "../../../src/input/tool.ts";

const everything = {
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
  withBoxedValues: true,
};
const oddKey = fc.constantFrom("__proto__", "constructor", "toString", "a", "\ud800", "", "~1/");
const oddLeaf = fc.constantFrom(
  "1e999",
  "-1e999",
  '"\\ud800"',
  '"\\u0000"',
  "null",
  "1",
  '"a"',
  "[]",
);
const { json: oddJson } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    oddLeaf,
    fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(oddKey, tie("json")), { maxLength: 3 })
      .map(
        (members) => `{${members.map(([key, one]) => `${JSON.stringify(key)}:${one}`).join(",")}}`,
      ),
    fc.tuple(fc.integer({ min: 100, max: 3_000 }), tie("json")).map(([depth, one]) => {
      return `${"[".repeat(depth)}${one}${"]".repeat(depth)}`;
    }),
  ),
}));

const schemas: Schema[] = [
  {},
  { properties: { a: { $ref: "#" }, constructor: { type: "string" } }, items: { $ref: "#" } },
  { patternProperties: { "^(a|b)*$": { type: "number" } }, unevaluatedProperties: false },
  { anyOf: [{ uniqueItems: true, items: { $ref: "#" } }, { enum: ["a", [], null] }] },
  z.object({ a: z.unknown() }),
  z.json(),
];

test("every answer of a model leads to a value or to issues", async () => {
  const prepared = schemas.map((schema) => prepareOutput(schema, { strict: false }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(oddJson, fc.string()), async (text) => {
      for (const { parse } of prepared) {
        const { issues } = await parse(text);
        expect(issues === undefined || issues.length > 0).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("the model receives content for any result of a tool", async () => {
  const signal = new AbortController().signal;
  const context = { threadId: "thr", turnId: "turn", callId: "call", signal };
  await fc.assert(
    fc.asyncProperty(fc.anything(everything), async (result) => {
      const execute = () => result;
      const input = { type: "object" };
      const made = tool({ name: "probe", description: "d", input, execute });
      const response = await made.call({}, context);
      expect(JSON.parse(JSON.stringify(response))).toEqual(response);
      expect(response.contentItems.length).toBeGreaterThan(0);
      if (!response.success) {
        expect(response.contentItems).toMatchObject([
          { text: expect.stringMatching(/^Tool probe failed: .*its result/) },
        ]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("any input is accepted, or refused with its location", async () => {
  const item = fc.record(
    {
      type: fc.constantFrom(
        "text",
        "image",
        "localImage",
        "audio",
        "localAudio",
        "skill",
        "mention",
      ),
      text: fc.anything(),
      url: fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `data:image/png;base64,${text}`),
      ),
      path: fc.string(),
      name: fc.string(),
    },
    { requiredKeys: ["type"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), fc.array(item, { maxLength: 3 })), async (input) => {
      const error: unknown = await prepareInput(input as never).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) return;
      expect(["TypeError", "InvalidInputError"]).toContain((error as Error).name);
      expect((error as Error).message).toMatch(/^input/);
    }),
    { numRuns: 1_000 },
  );
});
