import { describe, expect, test } from "vitest";
import type { Codex } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";

function goalOf(goal: object = {}) {
  return { threadId: "t1", objective: "do it", status: "active", updatedAt: 10, ...goal };
}

/** A client with a goal, on a server that outlives its connections. */
async function goalSet() {
  const server = new FakeAppServer({ outlivesTransport: true });
  const { codex } = fakeClient({ transport: server.endpoint, reconnect: { initialDelayMs: 0 } });
  server
    .answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }))
    .answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "idle" } } }))
    .answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }))
    .answer("thread/unsubscribe", () => ({}));
  const thread = await codex.threadStart();
  const start = async (options = {}) => {
    const running = thread.goal.run("do it", options);
    running.catch(() => {});
    return { running, request: await server.request("thread/goal/set") };
  };
  return { codex, server, thread, start };
}

function reconnected(codex: Codex): Promise<void> {
  return new Promise((resolve) => codex.onStatus(({ state }) => state === "ready" && resolve()));
}

describe("goal.run", () => {
  test("has the missed turns of a goal that ended without a connection", async () => {
    const { codex, server, start } = await goalSet();
    const turn = (id: string, startedAt: number) => ({
      ...{ id, startedAt, status: "completed" },
      items: [{ type: "agentMessage", id: `m-${id}`, text: `text of ${id}` }],
    });
    server
      .answer("thread/goal/get", () => ({ goal: goalOf({ status: "complete" }) }))
      .answer("thread/turns/list", () => ({
        data: [turn("u2", 12), turn("u1", 11), turn("u0", 9)],
        nextCursor: null,
      }));
    const { running, request } = await start();
    request.respond({ goal: goalOf() });
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageCompleted("t1", "u1", "text of u1"));
    server.notify(...turnCompleted("t1", "u1"));
    const back = reconnected(codex);
    server.disconnect();
    await back;
    const { goal, turns, text } = await running;
    expect(goal).toMatchObject({ status: "complete" });
    expect(turns.map((one) => one.text)).toEqual(["text of u1", "text of u2"]);
    expect(text).toBe("text of u2");
    await codex.close();
  });

  test("isn't ended by reports about an earlier goal", async () => {
    const { codex, server, start } = await goalSet();
    const { running, request } = await start();
    server.notify("thread/goal/updated", { threadId: "t1", goal: goalOf({ status: "paused" }) });
    request.respond({ goal: goalOf() });
    server.notify("thread/goal/updated", { threadId: "t1", goal: goalOf({ status: "complete" }) });
    expect((await running).goal).toMatchObject({ status: "complete" });
    await codex.close();
  });

  test("an abort rejects immediately, even if the server doesn't answer", async () => {
    const { codex, server, start } = await goalSet();
    const controller = new AbortController();
    const { running, request } = await start({ signal: controller.signal });
    request.respond({ goal: goalOf() });
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect((await server.request("thread/goal/set")).params).toMatchObject({ status: "paused" });
    await codex.close();
  });

  test.each([
    ["before the goal is paused", true],
    ["and is reported after the goal was paused", false],
  ])("an abort interrupts a turn that starts %s", async (_when, isEarly) => {
    const { codex, server, start } = await goalSet();
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
    const controller = new AbortController();
    const { running, request } = await start({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    const pausing = await server.request("thread/goal/set");
    request.respond({ goal: goalOf() });
    if (isEarly) server.notify(...turnStarted("t1", "u1"));
    pausing.respond({ goal: goalOf({ status: "paused" }) });
    if (!isEarly) server.notify(...turnStarted("t1", "u1"));
    expect((await server.request("turn/interrupt")).params).toMatchObject({ turnId: "u1" });
    await codex.close();
  });

  test("an abort interrupts a turn that has no items yet", async () => {
    const { codex, server, start } = await goalSet();
    const controller = new AbortController();
    const { running, request } = await start({ signal: controller.signal });
    request.respond({ goal: goalOf() });
    server.notify(...turnStarted("t1", "u1"));
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect((await server.request("turn/interrupt")).params).toMatchObject({ turnId: "u1" });
    await codex.close();
  });

  test("an abort doesn't interrupt a turn that another client starts before the goal is paused", async () => {
    const { codex, server, start } = await goalSet();
    const controller = new AbortController();
    const { running, request } = await start({ signal: controller.signal });
    request.respond({ goal: goalOf() });
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    const goalTurn = { id: "u2", rootTurnId: "u2", status: "inProgress" };
    const item = { type: "userMessage", id: "m1", clientId: "another's", content: [] };
    server.notify(...turnStarted("t1", "u1"));
    await new Promise(setImmediate);
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    server.notify(...turnCompleted("t1", "u1"));
    server.notify("turn/started", { threadId: "t1", turn: goalTurn });
    expect((await server.request("turn/interrupt")).params).toMatchObject({ turnId: "u2" });
    await codex.close();
  });

  test("keeps its turns if the server refuses to set another goal", async () => {
    const { codex, server, thread, start } = await goalSet();
    const { running, request } = await start();
    request.respond({ goal: goalOf() });
    const setting = thread.goal.set("x".repeat(5_000));
    (await server.request("thread/goal/set")).fail(-32600, "the objective is too long");
    await expect(setting).rejects.toThrow("too long");
    const turn = { id: "u1", rootTurnId: "u1", status: "inProgress" };
    server.notify("turn/started", { threadId: "t1", turn });
    server.notify(...messageCompleted("t1", "u1", "Done."));
    server.notify("thread/goal/updated", { threadId: "t1", goal: goalOf({ status: "complete" }) });
    server.notify(...turnCompleted("t1", "u1"));
    expect(await running).toMatchObject({ text: "Done.", turns: [{ text: "Done." }] });
    await codex.close();
  });

  test("isn't sent, and pauses no earlier goal, if its signal has already aborted", async () => {
    const { codex, server, thread } = await goalSet();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(thread.goal.run("do it", { signal })).rejects.toThrow("enough");
    server.answer("model/list", () => ({ data: [], nextCursor: null }));
    await codex.modelList();
    expect(server.received.map(({ method }) => method)).not.toContain("thread/goal/set");
    await codex.close();
  });

  test.each([
    ["archived", "was archived"],
    ["deleted", "was deleted"],
    ["closed", "was closed"],
  ])("rejects when the thread is %s", async (event, why) => {
    const { codex, server, start } = await goalSet();
    const { running, request } = await start();
    request.respond({ goal: goalOf() });
    server.notify(`thread/${event}`, { threadId: "t1" });
    await expect(running).rejects.toThrow(why);
    await codex.close();
  });

  test("rejects when the thread is unsubscribed from, or the client is closed", async () => {
    const { codex, thread, start } = await goalSet();
    const first = await start();
    first.request.respond({ goal: goalOf() });
    await thread.unsubscribe();
    await expect(first.running).rejects.toThrow("unsubscribed");
    const { codex: other, start: startOther } = await goalSet();
    const second = await startOther();
    second.request.respond({ goal: goalOf() });
    await other.close();
    await expect(second.running).rejects.toThrow("The client was closed");
    await codex.close();
  });

  test("continues when the thread's handle is garbage-collected", async () => {
    const { codex, server } = fakeClient();
    const running = (await codex.threadStart()).goal.run("do it");
    (await server.request("thread/goal/set")).respond({ goal: goalOf() });
    for (let count = 0; count < 5; count++) {
      globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageCompleted("t1", "u1", "done"));
    server.notify("thread/goal/updated", { threadId: "t1", goal: goalOf({ status: "complete" }) });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).text).toBe("done");
    await codex.close();
  });
});

test("a login whose connection was lost has ended", async () => {
  const server = new FakeAppServer({ outlivesTransport: true });
  const { codex } = fakeClient({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 0 },
  });
  server.answer("account/login/start", () => ({
    type: "chatgpt",
    loginId: "l",
    authUrl: "https://example.com",
  }));
  const { completed } = await codex.account.loginWithChatGPT();
  server.disconnect();
  await expect(completed).rejects.toThrow("the connection to the server was lost");
  await expect(codex.account.login(undefined as never)).rejects.toThrow("non-empty string");
  await codex.close();
});

test("sub-agents that are reported as their own descendants cause no endless loop", async () => {
  const { codex, server } = fakeClient();
  const thread = await codex.threadStart();
  const data = [
    { id: "t1", parentThreadId: "a1" },
    { id: "a1", parentThreadId: "t1" },
  ];
  server.answer("thread/list", () => ({ data, nextCursor: null }));
  expect(await thread.agents()).toMatchObject([{ threadId: "a1", agents: [] }]);
  await codex.close();
});
