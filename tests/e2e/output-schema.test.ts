import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidSchemaError, OutputValidationError } from "../../src/index.ts";
import { failure, Gate, text } from "../../src/testing/index.ts";
import { failureOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer();
const jsonCity = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const city = z.object({ city: z.string(), size: z.number() });

test("reaches text.format for its turn alone; the output is parsed and typed", async () => {
  server.model.enqueue('{"city":"Oslo","size":7}', "plain");
  const thread = await server.codex.threadStart();
  const result = await thread.run("which?", { outputSchema: city });
  expect(result.output?.city.toUpperCase()).toBe("OSLO");
  const { output } = result.throwIfFailed();
  expect(output.size + 1).toBe(8);
  expect(server.model.requests.at(-1)?.body.text).toMatchObject({
    format: {
      type: "json_schema",
      strict: true,
      schema: {
        type: "object",
        properties: { city: { type: "string" }, size: { type: "number" } },
        required: ["city", "size"],
        additionalProperties: false,
      },
    },
  });
  const plain = await thread.run("and now?");
  expect(plain.output).toBeUndefined();
  expect(server.model.requests.at(-1)?.body.text).not.toHaveProperty("format");
});

test("takes a plain JSON Schema too", async () => {
  server.model.enqueue('{"ok":true}');
  const thread = await server.codex.threadStart();
  const outputSchema = {
    type: "object",
    properties: { ok: { type: "boolean" } },
    required: ["ok"],
    additionalProperties: false,
  } as const;
  expect((await thread.run("well?", { outputSchema })).output).toEqual({ ok: true });
  expect(server.model.requests.at(-1)?.body.text).toMatchObject({
    format: { schema: outputSchema },
  });
});

test("what a library generates reaches the endpoint in a form that strict mode accepts", async () => {
  const schema = z.object({
    kind: z.literal(["a", 1]),
    name: z.string().min(1).describe("The name"),
    site: z.url(),
  });
  server.model.enqueue('{"kind":1,"name":"x","site":"https://example.com"}');
  const thread = await server.codex.threadStart();
  const { output } = await thread.run("which?", { outputSchema: schema });
  expect(output).toEqual({ kind: 1, name: "x", site: "https://example.com" });
  expect(server.model.requests.at(-1)?.body.text).toMatchObject({
    format: {
      schema: {
        properties: {
          kind: {
            anyOf: [
              { type: "string", enum: ["a"] },
              { type: "number", enum: [1] },
            ],
          },
          name: { type: "string", description: "The name (minLength: 1)" },
          site: { type: "string", description: "(format: uri)" },
        },
      },
    },
  });
});

test.each([
  ["no JSON", "Oslo, I think", "The output is not JSON"],
  ["the wrong shape", '{"city":5,"size":7}', "city: "],
  ["a number beyond all", '{"city":"Oslo","size":1e400}', "size: is too large a number"],
  ["half a character", '{"city":"\\ud800","size":7}', "city: contains half of a character"],
  ["great depth", `{"city":${"[".repeat(20_000)}${"]".repeat(20_000)},"size":7}`, "levels deep"],
])("an answer of %s is an OutputValidationError with the result", async (_what, said, words) => {
  server.model.enqueue(said);
  const thread = await server.codex.threadStart();
  const turn = await thread.turn("which?", { outputSchema: city });
  const error = await failureOf(turn.run());
  expect(error).toBeInstanceOf(OutputValidationError);
  expect(error).toMatchObject({ result: { text: said, status: "completed", turnId: turn.id } });
  expect(error.message).toContain(words);
  expect((error as OutputValidationError).issues.length).toBeGreaterThan(0);
});

test("an answer on which a pattern backtracks is an OutputValidationError that names the pattern", async () => {
  const outputSchema = {
    type: "object",
    properties: { a: { type: "string", pattern: "^(a+)+$" } },
    required: ["a"],
    additionalProperties: false,
  };
  server.model.enqueue(JSON.stringify({ a: `${"a".repeat(60)}!` }));
  const thread = await server.codex.threadStart();
  const error = await failureOf(thread.run("which?", { outputSchema }));
  expect(error).toBeInstanceOf(OutputValidationError);
  expect(error.message).toContain(
    "can't be checked: the JSON Schema took longer than 2000 ms (suspects: /properties/a/pattern)",
  );
});

test("turns that fail or are interrupted have no output, and no error for it", async () => {
  const gate = new Gate();
  server.model.enqueue(failure(500), text(['{"city":', gate]));
  const thread = await server.codex.threadStart();
  const failed = await thread.run("which?", { outputSchema: city });
  expect([failed.status, failed.output]).toEqual(["failed", undefined]);
  const turn = await thread.turn("which?", { outputSchema: city });
  await gate.reached;
  await turn.interrupt();
  const interrupted = await turn.run();
  expect([interrupted.status, interrupted.output]).toEqual(["interrupted", undefined]);
});

test("a schema that strict mode would refuse is an error before the turn, unless strict is off", async () => {
  const open = z.looseObject({ city: z.string() });
  const thread = await server.codex.threadStart();
  const before = server.model.requests.length;
  const error = await failureOf(thread.run("which?", { outputSchema: open }));
  expect(error).toBeInstanceOf(InvalidSchemaError);
  expect(error.message).toContain("outputSchema: its root allows keys");
  const literal = { ...jsonCity, properties: { city: { const: "Oslo" } } };
  await expect(thread.run("which?", { outputSchema: literal })).rejects.toThrow(
    /^outputSchema: \/properties\/city has const without a type: add the type/,
  );
  expect(server.model.requests.length).toBe(before);
  server.model.enqueue('{"city":"Oslo","more":1}');
  const result = await thread.run("which?", { outputSchema: open, strict: false });
  expect(result.output).toEqual({ city: "Oslo", more: 1 });
});
