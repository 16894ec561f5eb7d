import { expect, test } from "vitest";
import { CodexError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

test.each([null, {}, { data: null }, { data: "none" }])(
  "threads() names the request that was answered with %j instead of a list",
  async (answer) => {
    const { server, codex } = fakeClient();
    server.answer("thread/list", (_params, request) => void request.respond(answer));
    const error = await failureOf(codex.threads().next());
    expect(error).toBeInstanceOf(CodexError);
    expect(error.message).toContain("thread/list");
  },
);

test("threads() skips null entries", async () => {
  const { server, codex } = fakeClient();
  server.answer("thread/list", () => ({ data: [null, { id: "t1" }], nextCursor: null }));
  const ids: string[] = [];
  for await (const { id } of codex.threads()) ids.push(id);
  expect(ids).toEqual(["t1"]);
});

test("interrupt() names the request that was answered without the turn's commands", async () => {
  const { server, codex } = fakeClient();
  server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
  server.answer("turn/interrupt", () => {
    queueMicrotask(() => server.notify(...turnCompleted("t1", "u1", "interrupted")));
    return {};
  });
  server.answer(
    "thread/backgroundTerminals/list",
    (_params, request) => void request.respond(null),
  );
  const turn = await (await codex.threadStart()).turn("go");
  server.notify(...turnStarted("t1", "u1"));
  const item = { type: "commandExecution", id: "c1", status: "inProgress" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item });
  const error = await failureOf(turn.interrupt());
  expect(error).toBeInstanceOf(CodexError);
  expect(error.message).toContain("thread/backgroundTerminals/list");
});

test("models() returns the models of all pages, and modelList() one page", async () => {
  const { server, codex } = fakeClient();
  server.answer("model/list", ({ cursor }) =>
    cursor === "c1"
      ? { data: [{ id: "m2" }], nextCursor: null }
      : { data: [{ id: "m1" }], nextCursor: "c1" },
  );
  const all = await codex.models({ includeHidden: true });
  expect(all.map(({ id }) => id)).toEqual(["m1", "m2"]);
  const asked = server.received.filter(({ method }) => method === "model/list");
  expect(asked.map(({ params }) => params)).toEqual([
    { includeHidden: true },
    { includeHidden: true, cursor: "c1" },
  ]);
  const page = await codex.modelList();
  expect(page.data.map(({ id }) => id)).toEqual(["m1"]);
});

test("models() ends with an error when the server repeats a cursor", async () => {
  const { server, codex } = fakeClient();
  server.answer("model/list", () => ({ data: [{ id: "m1" }], nextCursor: "c1" }));
  const error = await failureOf(codex.models());
  expect(error).toBeInstanceOf(CodexError);
  expect(error.message).toContain('model/list returned the cursor "c1" twice');
});

test("read({ includeTurns: true }) ends with an error when the server repeats a cursor", async () => {
  const { server, codex } = fakeClient();
  server.answer("thread/read", () => ({ thread: { id: "t1" } }));
  server.answer("thread/turns/list", () => ({ data: [{ id: "u1" }], nextCursor: "c1" }));
  const error = await failureOf((await codex.threadStart()).read({ includeTurns: true }));
  expect(error.message).toContain('thread/turns/list returned the cursor "c1" twice');
});

test.each(["turns", "items"] as const)(
  "%s() can be left while it waits for a page",
  async (name) => {
    const { server, codex } = fakeClient();
    const reader = (await codex.threadStart())[name]();
    const next = reader.next();
    await server.request(`thread/${name}/list`);
    expect(await reader.return(undefined)).toEqual({ value: undefined, done: true });
    expect(await next).toEqual({ value: undefined, done: true });
    await codex.close();
  },
);
