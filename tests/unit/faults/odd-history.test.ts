import { describe, expect, it, vi } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

vi.setConfig({ testTimeout: 8_000 });

const about = { threadId: "t1", turnId: "u1" };
const started = { id: "u1", status: "inProgress", items: [] };

describe("on a server that can repeat requests, null values do no harm", () => {
  const odd: Record<string, [method: string, params: unknown]> = {
    "a started item": ["item/started", { ...about, item: null }],
    "a completed item": ["item/completed", { ...about, item: null }],
    "a completed turn": ["turn/completed", { threadId: "t1", turn: null }],
    "a resolved request": ["serverRequest/resolved", null],
    "all params": ["item/completed", null],
  };
  it.each(Object.entries(odd))("%s", async (_what, [method, params]) => {
    const { server, codex, turn } = await runningTurn();
    server.notify(method, params);
    server.notify("item/completed", { ...about, item: message("whole") });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await turn.run()).text).toBe("whole");
    await codex.close();
  });
});

describe("a history with", () => {
  const whole = message("whole");
  const ended = { id: "u1", status: "completed" };
  const lists: Record<string, object> = {
    "a null turn": listOf(null as never, { ...ended, items: [whole] }),
    "a null item": listOf({ ...ended, items: [null, whole] }),
    "an item that is a string": listOf({ ...ended, items: ["text", whole] }),
    "an item without an id": listOf({ ...ended, items: [{ type: "agentMessage" }, whole] }),
    "an item without a type": listOf({ ...ended, items: [{ id: "x" }, whole] }),
    "an item twice": listOf({ ...ended, items: [whole, whole] }),
    "a user's message without content": listOf({
      ...ended,
      items: [{ type: "userMessage", id: "x" }, whole],
    }),
  };
  it.each(Object.entries(lists))("%s gives the turn its result", async (_what, list) => {
    const { server, codex, turn } = await runningTurn();
    server.answer("thread/resume", () => threadIs("idle"));
    server.answer("thread/turns/list", () => list);
    server.disconnect();
    expect(await turn.run()).toMatchObject({ status: "completed", text: "whole" });
    await codex.close();
  });

  it("no list of items ends the turn, one way or another", async () => {
    const { server, codex, turn } = await runningTurn();
    server.answer("thread/resume", () => threadIs("idle"));
    server.answer("thread/turns/list", () => listOf({ ...ended, items: null }));
    server.disconnect();
    const end = await turn.run().then(
      ({ status }) => status,
      (error) => error.name,
    );
    expect(["completed", "TurnLostError"]).toContain(end);
    await codex.close();
  });

  it.each([
    ["null", null],
    ["a string", "text"],
    ["no thread", {}],
    ["a null thread", { thread: null }],
    ["a thread without a status", { thread: { id: "t1" } }],
  ])("the answer %s to thread/resume loses no turn", async (_what, answer) => {
    const { server, codex, turn } = await runningTurn();
    const listed = new Promise<void>((resolve) => {
      server.answer("thread/turns/list", () => {
        setImmediate(resolve);
        return listOf(started);
      });
    });
    server.answer("thread/resume", (_params, request) => request.respond(answer));
    server.disconnect();
    await listed;
    server.answer("thread/turns/list", () => listOf({ ...ended, items: [whole] }));
    server.notify(...turnCompleted("t1", "u1"));
    expect(await turn.run()).toMatchObject({ status: "completed", text: "whole" });
    await codex.close();
  });
});
