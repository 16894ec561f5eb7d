import { describe, expect, it, vi } from "vitest";
import { type Turn, TurnLostError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { speedUpClock } from "../../support/fast-clock.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";

const idle = { threadId: "t1", status: { type: "idle" } };
const active = { threadId: "t1", status: { type: "active", activeFlags: [] } };

describe("a turn after one that was lost", () => {
  it("starts, when the server didn't know the first", async () => {
    speedUpClock();
    const { server, codex } = fakeClient({ turnIdleMs: 20 });
    server.answer("thread/read", () => threadIs("idle"));
    server.answer("thread/turns/list", () => listOf());
    server.answer("thread/resume", () => threadIs("idle"));
    const thread = await codex.threadStart();
    const first = thread.run("one");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    expect(await failureOf(first)).toBeInstanceOf(TurnLostError);
    const second = thread.run("two");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...messageCompleted("t1", "u2", "answer"));
    server.notify(...turnCompleted("t1", "u2"));
    expect((await second).text).toBe("answer");
    await codex.close();
  });

  it("starts, when the first was lost with its connection", async () => {
    const { server, codex, thread, turn } = await runningTurn();
    server.answer("thread/resume", (_params, request) => request.fail(-32600, "no such luck"));
    server.answer("thread/read", () => threadIs("idle"));
    server.disconnect();
    expect(await failureOf(turn.run())).toBeInstanceOf(TurnLostError);
    server.answer("thread/resume", () => threadIs("idle"));
    const second = thread.run("two");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    expect((await second).status).toBe("completed");
    await codex.close();
  });
});

describe.each(["thread/archived", "thread/deleted", "thread/closed"])(
  "%s, without the end of the running turn,",
  (method) => {
    it("ends the turn as interrupted, and the next one isn't held back", async () => {
      // The real server does this if the turn has only just begun.
      const { server, codex } = fakeClient();
      server.answer("thread/resume", () => threadIs("idle"));
      const thread = await codex.threadStart();
      const followed = new Promise<Turn<undefined>>((resolve) => thread.onTurn(resolve));
      server.notify("thread/status/changed", active);
      server.notify(...turnStarted("t1", "goal's"));
      server.notify(...messageCompleted("t1", "goal's", "some"));
      const ended = (await followed).run();
      server.notify("thread/status/changed", { threadId: "t1", status: { type: "notLoaded" } });
      server.notify(method, { threadId: "t1" });
      expect(await ended).toMatchObject({ status: "interrupted", text: "some" });
      const next = thread.run("next");
      (await server.request("turn/start")).respond({ turn: { id: "u1" } });
      server.notify(...turnCompleted("t1", "u1"));
      expect((await next).status).toBe("completed");
      await codex.close();
    });
  },
);

describe("a start that the server was too busy for", () => {
  it("waits for a turn that started in the meantime, which it would steer", async () => {
    const { server, codex } = fakeClient({
      retryOnOverload: { initialDelayMs: 5, jitterRatio: 0 },
    });
    const thread = await codex.threadStart();
    const running = thread.run("mine");
    const refused = await server.request("turn/start");
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "another's"));
    refused.fail(-32001, "Server overloaded; retry later.");
    await new Promise((resolve) => setTimeout(resolve, 60));
    const starts = () => server.received.filter(({ method }) => method === "turn/start").length;
    expect(starts()).toBe(1);
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "another's"));
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...messageCompleted("t1", "u1", "answer"));
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).text).toBe("answer");
    await codex.close();
  });
});

describe("a compaction right after a resume", () => {
  it("hasn't started just because an old turn's usage is repeated", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/resume", () => threadIs("idle"));
    const thread = await codex.threadResume("t1");
    const compacting = thread.compact();
    (await server.request("thread/compact/start")).respond({});
    const total = { totalTokens: 15 };
    const tokenUsage = { total, last: total, modelContextWindow: null };
    server.notify("thread/tokenUsage/updated", { threadId: "t1", turnId: "old", tokenUsage });
    server.notify("thread/goal/cleared", { threadId: "t1" });
    const running = thread.run("next");
    await new Promise(setImmediate);
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "compaction"));
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "compaction"));
    await compacting;
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    await running;
    await codex.close();
  });
});

describe("an answer and what follows it in the same chunk", () => {
  it("a resume that reports the thread as active, then the end of that turn", async () => {
    const { server, codex } = fakeClient();
    const resuming = codex.threadResume("t1");
    (await server.request("thread/resume")).respond(threadIs("active"));
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "old"));
    const running = (await resuming).run("next");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
    await codex.close();
  }, 5_000);

  it("a resume that reports an idle thread, then the start of another client's turn", async () => {
    const { server, codex } = fakeClient();
    const resuming = codex.threadResume("t1");
    (await server.request("thread/resume")).respond(threadIs("idle"));
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "another's"));
    const running = (await resuming).run("next");
    await new Promise(setImmediate);
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "another's"));
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
    await codex.close();
  });

  it("a review's answer, and a start with another id, which no end follows", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const review = codex.request("review/start", {
      threadId: "t1",
      target: { type: "custom", instructions: "Look." },
    });
    const running = thread.run("next");
    (await server.request("review/start")).respond({ turn: { id: "R" }, reviewThreadId: "t1" });
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "S"));
    await review;
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "R"));
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
    await codex.close();
  }, 5_000);
});

vi.setConfig({ testTimeout: 8_000 });
