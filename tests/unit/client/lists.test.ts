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

test("threads() leaves out entries that are null", async () => {
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
