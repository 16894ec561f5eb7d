import { describe, expect, test } from "vitest";
import { formOf } from "../../../src/session/request-form.ts";
import { asking, ELICITATION, form, ids, QUESTIONS, refused } from "../../support/asked-client.ts";
import { failureOf } from "../../support/e2e.ts";

describe("the form of an MCP server", () => {
  test("is checked, and later changes to the content have no effect", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", minLength: 2 }, age: { type: "integer" } },
      required: ["name"],
    };
    const { ask } = await asking();
    const { request, answer } = await ask(ELICITATION, form(schema));
    expect(request.form).toEqual(schema);
    const error = await failureOf(request.answer("accept", { name: "x", age: 1.5 }));
    expect(error).toMatchObject({ issues: [{ path: ["name"] }, { path: ["age"] }] });
    expect(error.message).toContain("doesn't match its form: content name: ");
    expect(await refused(request.answer("accept"))).toContain("name");
    expect(await refused(request.answer("accept", "name"))).toContain("must be an object");
    expect(await refused(request.answer("decline", { name: "xy" }))).toContain("takes none");
    const content = { name: "Zoë", age: 5 };
    const sent = request.answer("accept", content);
    content.name = "another";
    await sent;
    expect((await answer).result).toEqual({
      ...{ action: "accept", content: { name: "Zoë", age: 5 }, _meta: null },
    });
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  test.each<[string, unknown, string]>([
    ["a cycle", cyclic, "isn't JSON"],
    ["a bigint", { a: 1n }, "isn't JSON"],
    ["a function", () => {}, "isn't JSON"],
    ["too much", { a: "x".repeat(1_000_000) }, "the limit is 1000000"],
    ["half a character", { a: "\ud800" }, "surrogate"],
  ])("refuses content with %s", async (_, content, message) => {
    const { ask } = await asking();
    const { request } = await ask(ELICITATION, form({ type: "object" }));
    expect(await refused(request.answer("accept", content))).toContain(message);
  });

  test.each<[string, unknown]>([
    ["an invalid pattern", { properties: { a: { pattern: "(" } } }],
    ["a reference to nothing", { $ref: "#/$defs/none" }],
    ["a reference to itself", { $ref: "#" }],
    ["what looks like a schema of a library", { "~standard": { validate: 1 } }],
  ])("whose schema has %s can only be refused", async (_, schema) => {
    const { ask } = await asking();
    const { request, answer } = await ask(ELICITATION, form(schema));
    expect(await refused(request.answer("accept", { a: "b" }))).toContain("can't be checked");
    await request.answer("decline");
    expect((await answer).result).toMatchObject({ action: "decline" });
  });
});

test("a form whose schema takes too long to prepare can only be refused", async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `field${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { pattern: `^${name}$` }]));
  const checked = await formOf("form", { requestedSchema: { properties } }, 1)?.check({});
  expect(checked?.issues?.[0]?.message).toMatch(/can only be refused: took longer than 1 ms$/);
});

test("an endless form can be shown, refused and sent as JSON", async () => {
  const { requests, server } = await asking();
  const deep = `${'{"not":'.repeat(20_000)}{}${"}".repeat(20_000)}`;
  const params = JSON.stringify({ ...ids, ...form("DEEP") }).replace('"DEEP"', deep);
  server.sendText(`{"id":900,"method":"${ELICITATION}","params":${params}}`);
  const request = await requests.next();
  expect(JSON.parse(JSON.stringify(request)).form).toEqual({});
  expect(await refused(request?.answer("accept", {}) as Promise<void>)).toContain(
    "can't be checked",
  );
  await request?.answer("cancel");
  expect(await server.message(({ id }) => id === 900)).toMatchObject({
    result: { action: "cancel" },
  });
});

describe("the agent's questions", () => {
  const questions = [
    {
      id: "q1",
      header: "Size",
      question: "Which?",
      isOther: false,
      options: [{ label: "S" }, { label: "L" }],
    },
    { id: "__proto__", header: "Word", question: "The password?", isSecret: true, options: null },
  ];

  test("take one text each, from the options if there are no others", async () => {
    const { ask } = await asking();
    const { request, answer } = await ask(QUESTIONS, { questions });
    expect(request.form).toMatchObject({
      properties: Object.fromEntries([
        ["q1", { enum: ["S", "L"] }],
        ["__proto__", { format: "password", writeOnly: true }],
      ]),
    });
    expect(await refused(request.answer("accept", { q1: "M" }))).toContain(
      'q1: must be one of ["S","L"]',
    );
    expect(await refused(request.answer("accept", { q1: ["S"] }))).toContain("must be a string");
    expect(await refused(request.answer("accept", { q2: "S" }))).toContain(
      "isn't the id of a question",
    );
    await request.answer("accept", JSON.parse('{"q1":"L","__proto__":"sesame"}'));
    expect(JSON.stringify((await answer).result)).toBe(
      '{"answers":{"q1":{"answers":["L"]},"__proto__":{"answers":["sesame"]}}}',
    );
  });

  test("can be refused, and can only be refused if there are none", async () => {
    const { ask } = await asking();
    for (const asked of [{ questions }, { questions: [] }, { questions: 5 }, {}]) {
      const { request, answer } = await ask(QUESTIONS, asked);
      const isAsked = asked.questions === questions;
      expect(request.options.map(({ id }) => id)).toEqual(
        isAsked ? ["accept", "decline"] : ["decline"],
      );
      await request.answer("decline");
      expect((await answer).result).toEqual({ answers: {} });
    }
  });
});
