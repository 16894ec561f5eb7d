import { describe, expect, it } from "vitest";
import { RequestTimeoutError, TransportClosedError, TurnFailedError } from "../../../src/index.ts";
import {
  fakeClient,
  messageCompleted,
  messageDelta,
  turnCompleted,
  turnStarted,
} from "../../support/fake.ts";

async function runningTurn(options = {}) {
  const { server, codex, warnings } = fakeClient();
  const thread = await codex.threadStart();
  const starting = thread.turn("hi", options);
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  return { server, codex, thread, turn, warnings };
}

describe("a turn", () => {
  it("can complete before the answer to turn/start arrives", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const running = thread.run("hi");
    const request = await server.request("turn/start");
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageCompleted("t1", "u1", "early"));
    server.notify(...turnCompleted("t1", "u1"));
    request.respond({ turn: { id: "u1" } });
    expect(await running).toMatchObject({ text: "early", status: "completed", turnId: "u1" });
  });

  it("takes only its own notifications from those that arrived early", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const running = thread.run("hi");
    const request = await server.request("turn/start");
    server.notify(...messageCompleted("t1", "other", "not mine"));
    server.notify(...messageCompleted("t1", "u1", "mine"));
    request.respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).items).toHaveLength(1);
    expect((await running).text).toBe("mine");
  });

  it("returns its result before, during and after streams, which all get everything", async () => {
    const { server, turn } = await runningTurn();
    const before = turn.run();
    const streams = [turn.stream(), turn.stream()].map(async (stream) => {
      const methods: string[] = [];
      for await (const { method } of stream) methods.push(method);
      return methods;
    });
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageDelta("t1", "u1", "he"));
    server.notify(...messageCompleted("t1", "u1", "hello"));
    server.notify(...turnCompleted("t1", "u1"));
    const expected = [
      "turn/started",
      "item/agentMessage/delta",
      "item/completed",
      "turn/completed",
    ];
    expect(await Promise.all(streams)).toEqual([expected, expected]);
    const late: string[] = [];
    for await (const { method } of turn.stream()) late.push(method);
    expect(late).toEqual(expected);
    expect(await turn.run()).toBe(await before);
  });

  it("streams only text, including text of a completed message that no delta contained", async () => {
    const { server, turn } = await runningTurn();
    server.notify(...messageDelta("t1", "u1", "he"));
    server.notify(...messageCompleted("t1", "u1", "hello"));
    server.notify(...turnCompleted("t1", "u1"));
    const parts: string[] = [];
    for await (const part of turn.textStream()) parts.push(part);
    expect(parts).toEqual(["he", "llo"]);
  });

  it("returns when it failed; throwIfFailed throws the server's error", async () => {
    const { server, turn } = await runningTurn();
    const error = {
      message: "no quota",
      codexErrorInfo: "usageLimitExceeded",
      additionalDetails: null,
    };
    server.notify("turn/completed", {
      threadId: "t1",
      turn: { id: "u1", status: "failed", error, items: [] },
    });
    const result = await turn.run();
    expect(result.status).toBe("failed");
    expect(() => result.throwIfFailed()).toThrow(TurnFailedError);
    expect(() => result.throwIfFailed()).toThrow(
      /Turn u1 of thread t1 failed: no quota \(usageLimitExceeded\)/,
    );
  });

  it("ends with an error when the connection ends, after the notifications that had arrived", async () => {
    const { server, turn } = await runningTurn();
    server.notify(...messageDelta("t1", "u1", "he"));
    const stream = turn.stream();
    expect((await stream.next()).value).toMatchObject({ method: "item/agentMessage/delta" });
    server.disconnect("gone");
    await expect(stream.next()).rejects.toThrow(TransportClosedError);
    await expect(turn.run()).rejects.toThrow("gone");
    await expect(turn.interrupt()).resolves.toEqual({});
  });

  it("ends with an error when the connection ends right behind the answer to turn/start", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const running = thread.run("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.disconnect("gone");
    await expect(running).rejects.toThrow("gone");
  });

  it("ends with an error when the thread is unsubscribed while turn/start is under way", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/unsubscribe", () => ({ status: "unsubscribed" }));
    const thread = await codex.threadStart();
    const running = thread.run("hi");
    const request = await server.request("turn/start");
    await thread.unsubscribe();
    request.respond({ turn: { id: "u1" } });
    await expect(running).rejects.toThrow("was unsubscribed");
  });

  it.each([
    ["fails to unsubscribe", "internal error"],
    ["doesn't answer whether it has unsubscribed", "no response within 5 ms"],
    ["isn't waited for", "no longer wanted"],
  ])("is followed if the server %s", async (how, message) => {
    const { server, codex } = fakeClient();
    const resumed: unknown[] = [];
    server.answer("thread/resume", ({ threadId }) => {
      resumed.push(threadId);
      return { thread: { id: threadId, status: { type: "idle" } } };
    });
    const thread = await codex.threadStart();
    const given = new AbortController();
    const timeoutMs = how.startsWith("doesn't") ? 5 : 0;
    const leaving = thread.unsubscribe({ signal: given.signal, timeoutMs });
    leaving.catch(() => {});
    const request = await server.request("thread/unsubscribe");
    if (how.startsWith("fails")) request.fail(-32603, "internal error");
    if (how.startsWith("isn't")) given.abort(new Error("no longer wanted"));
    await expect(leaving).rejects.toThrow(message);
    const running = thread.run("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    expect(resumed).toEqual(["t1"]);
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
  });

  it("stays subscribed if an unsubscribe is given up before it is sent", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const given = new AbortController();
    const leaving = thread.unsubscribe({ signal: given.signal });
    given.abort(new Error("no longer wanted"));
    await expect(leaving).rejects.toThrow("no longer wanted");
    const running = thread.run("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
    expect(server.received.map(({ method }) => method)).not.toContain("thread/resume");
  });

  it("ignores notifications that are malformed or belong to other turns", async () => {
    const { server, turn } = await runningTurn();
    for (const params of [
      null,
      5,
      [],
      {},
      { threadId: "t1" },
      { threadId: "t1", turnId: 5 },
      { threadId: "t9", turnId: "u1" },
    ]) {
      server.notify("item/completed", params);
      server.notify("turn/completed", params);
      server.notify("no/such/method", params);
    }
    server.notify(...messageCompleted("t1", "u1", "hello"));
    server.notify(...turnCompleted("t1", "u1"));
    expect((await turn.run()).text).toBe("hello");
  });
});

describe("turns of one thread", () => {
  it("are started one after the other", async () => {
    const { server, thread } = await runningTurn();
    const second = thread.run("more");
    await new Promise(setImmediate);
    expect(server.received.filter(({ method }) => method === "turn/start")).toHaveLength(1);
    server.notify(...turnCompleted("t1", "u1"));
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    expect((await second).turnId).toBe("u2");
  });

  it("wait in order, and the wait can be aborted", async () => {
    const { server, thread } = await runningTurn();
    const controller = new AbortController();
    const second = thread.turn("two", { signal: controller.signal });
    const third = thread.turn("three");
    controller.abort(new Error("not that"));
    await expect(second).rejects.toThrow("not that");
    server.notify(...turnCompleted("t1", "u1"));
    const request = await server.request("turn/start");
    expect(request.params.input).toMatchObject([{ text: "three" }]);
    request.respond({ turn: { id: "u3" } });
    expect((await third).id).toBe("u3");
  });

  it("wait for turns that another client started", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    server.notify("thread/status/changed", {
      threadId: "t1",
      status: { type: "active", activeFlags: [] },
    });
    server.notify(...turnStarted("t1", "foreign"));
    const running = thread.run("hi");
    server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
    await new Promise(setImmediate);
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
    server.notify(...turnCompleted("t1", "foreign"));
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).turnId).toBe("u1");
  });

  it("wait for the end of a compaction", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/compact/start", () => ({}));
    const thread = await codex.threadStart();
    const compacting = thread.compact();
    const running = thread.run("hi");
    await new Promise(setImmediate);
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
    server.notify(...turnStarted("t1", "compaction"));
    server.notify(...turnCompleted("t1", "compaction"));
    expect(await compacting).toEqual({});
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    await running;
  });

  it("wait no longer than the compaction whose start overtook the answer", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const compacting = thread.compact();
    const request = await server.request("thread/compact/start");
    server.notify(...turnStarted("t1", "compaction"));
    request.respond({});
    const running = thread.run("hi");
    server.notify(...turnCompleted("t1", "compaction"));
    await compacting;
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    await running;
  });

  it("are free again when a start was refused", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const first = thread.turn("hi");
    (await server.request("turn/start")).fail(-32600, "no");
    await expect(first).rejects.toThrow("turn/start: no (-32600)");
    const second = thread.turn("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    expect((await second).id).toBe("u2");
  });
});

describe("aborting", () => {
  it("interrupts the turn on the server and immediately rejects with the reason", async () => {
    const controller = new AbortController();
    const { server, turn } = await runningTurn({ signal: controller.signal });
    server.notify(...turnStarted("t1", "u1"));
    const running = turn.run();
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    const interrupt = await server.request("turn/interrupt");
    expect(interrupt.params).toEqual({ threadId: "t1", turnId: "u1" });
  });

  it("while turn/start is under way still interrupts the turn that it started", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const controller = new AbortController();
    const running = thread.run("hi", { signal: controller.signal });
    const request = await server.request("turn/start");
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    request.respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    (await server.request("turn/interrupt")).respond({});
    const next = thread.turn("next");
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    expect((await next).id).toBe("u2");
  });

  it("before anything was sent sends nothing", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    await expect(thread.run("hi", { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow(
      "no",
    );
    expect(server.received.some(({ method }) => method === "turn/start")).toBe(false);
  });

  it("happens automatically after timeoutMs", async () => {
    const { server, turn } = await runningTurn();
    server.notify(...turnStarted("t1", "u1"));
    await expect(turn.run({ timeoutMs: 5 })).rejects.toThrow(RequestTimeoutError);
    await server.request("turn/interrupt");
  });
});

describe("interrupt", () => {
  it("waits until the server has started the turn", async () => {
    const { server, turn } = await runningTurn();
    const interrupting = turn.interrupt();
    await new Promise(setImmediate);
    expect(server.received.some(({ method }) => method === "turn/interrupt")).toBe(false);
    server.notify(...turnStarted("t1", "u1"));
    (await server.request("turn/interrupt")).respond({});
    await interrupting;
  });

  it("resolves for a turn that has ended, and for one whose end overtakes the answer", async () => {
    const { server, turn } = await runningTurn();
    server.notify(...turnStarted("t1", "u1"));
    const interrupting = turn.interrupt();
    await server.request("turn/interrupt");
    server.notify(...turnCompleted("t1", "u1"));
    expect(await interrupting).toEqual({});
    expect(await turn.interrupt()).toEqual({});
  });

  it("resolves when the server reports that there is nothing to interrupt", async () => {
    const { server, turn } = await runningTurn();
    server.notify(...turnStarted("t1", "u1"));
    const interrupting = turn.interrupt();
    (await server.request("turn/interrupt")).fail(-32600, "no active turn to interrupt");
    expect(await interrupting).toEqual({});
  });
});
