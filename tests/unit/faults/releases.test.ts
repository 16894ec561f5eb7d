import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { Codex, LaunchError, tool } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { collectGarbage, untilCollected } from "../../support/garbage.ts";
import { runningTurn } from "../../support/running-turn.ts";

vi.setConfig({ testTimeout: 30_000 });

const MIB = 2 ** 20;
const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * A thread whose handle and turn are dropped immediately; the references are to the objects that were passed to it.
 */
async function dropped(codex: Codex, server: FakeAppServer, ids: { thread: string; turn: string }) {
  const lookup = tool({
    name: "lookup",
    description: "Looks something up.",
    input: NOTHING,
    execute: () => "found it",
  });
  const config = { note: "x" };
  server.answer("thread/start", () => ({ thread: { id: ids.thread, status: { type: "idle" } } }));
  const thread = await codex.threadStart({ tools: [lookup], config });
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: ids.turn } });
  await starting;
  server.notify(...turnStarted(ids.thread, ids.turn));
  return [new WeakRef(config), new WeakRef(lookup)];
}

describe("a thread whose handle was collected during its turn", () => {
  it("is released when the turn ends, with its tools and settings, 100 times", async () => {
    const { server, codex } = fakeClient();
    const refs: WeakRef<object>[] = [];
    for (let count = 0; count < 100; count++) {
      refs.push(...(await dropped(codex, server, { thread: `t${count}`, turn: `u${count}` })));
    }
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let count = 0; count < 100; count++) {
      const about = { threadId: `t${count}`, status: { type: "idle" } };
      server.notify("thread/status/changed", about);
      server.notify(...turnCompleted(`t${count}`, `u${count}`));
    }
    await untilCollected("what the threads were given", refs);
    await codex.close();
  });

  it("is not resumed after a reconnect", async () => {
    const { server, codex, thread, count } = await runningTurn();
    server.notify(...turnCompleted("t1", "u1"));
    const refs = await dropped(codex, server, { thread: "t2", turn: "u2" });
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.notify(...turnCompleted("t2", "u2"));
    await untilCollected("what the thread was given", refs);
    const resumed: unknown[] = [];
    server.answer("thread/resume", ({ threadId }) => {
      resumed.push(threadId);
      return { thread: { id: threadId, status: { type: "idle" } } };
    });
    server.disconnect();
    await vi.waitFor(() => expect(count("thread/resume")).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(resumed).toEqual([thread.id]);
    await codex.close();
  });

  it("is released when its turn was aborted, failed, or lost with the connection", async () => {
    const { server, codex } = fakeClient();
    const refs = await dropped(codex, server, { thread: "t9", turn: "u9" });
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.notify(...turnCompleted("t9", "u9", "failed"));
    refs.push(...(await dropped(codex, server, { thread: "t10", turn: "u10" })));
    server.disconnect("gone");
    await codex.closed;
    await untilCollected("what the threads were given", refs);
  });
});

describe("a start that fails", () => {
  it("leaves no listener on the caller's signal, and no client", async () => {
    const { signal } = new AbortController();
    const refs: WeakRef<object>[] = [];
    for (let count = 0; count < 5; count++) {
      await (async () => {
        const onWarning = () => {};
        refs.push(new WeakRef(onWarning));
        const starting = Codex.start({ codexBin: "/no/such/codex", signal, onWarning });
        expect(await failureOf(starting)).toBeInstanceOf(LaunchError);
      })();
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await untilCollected("the clients' options", refs);
  });

  it("leaves none after a handshake that was refused", async () => {
    const { signal } = new AbortController();
    const server = new FakeAppServer();
    server.answer("initialize", (_params, request) => request.fail(-32600, "no"));
    await failureOf(Codex.start({ transport: server.endpoint, signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("a signal of the caller has no listener", () => {
  it("after requests, turns and waits that used it have ended", async () => {
    const { server, codex } = fakeClient();
    server.answer("model/list", () => ({ data: [], nextCursor: null }));
    const { signal } = new AbortController();
    await codex.connect({ signal });
    await codex.modelList({ signal });
    const thread = await codex.threadStart({ signal });
    const running = thread.run("hi", { signal, timeoutMs: 60_000 });
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageCompleted("t1", "u1", "hello"));
    server.notify(...turnCompleted("t1", "u1"));
    await running;
    await new Promise(setImmediate);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await codex.close();
  });

  it("after a call that was refused or could not be sent", async () => {
    const { server, codex } = fakeClient();
    const { signal } = new AbortController();
    server.answer("model/list", (_params, request) => request.fail(-32600, "no"));
    await failureOf(codex.modelList({ signal }));
    const thread = await codex.threadStart();
    await failureOf(thread.run("", { signal }));
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    await failureOf(codex.request("config/read", cycle as never, { signal }));
    await new Promise(setImmediate);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await codex.close();
  });
});

describe("memory that is given back while a turn runs", () => {
  it("1,000 diffs of 100 kB, of which each replaces the last", async () => {
    const { server, codex, turn } = await runningTurn();
    const before = heapUsed();
    for (let count = 0; count < 1_000; count++) {
      const diff = `${count}${"x".repeat(100_000)}`;
      server.sendText(
        `{"method":"turn/diff/updated","params":{"threadId":"t1","turnId":"u1","diff":"${diff}"}}`,
      );
    }
    expect(heapUsed() - before).toBeLessThan(20 * MIB);
    let last = "";
    server.notify(...turnCompleted("t1", "u1"));
    server.answer("thread/turns/list", () => ({ data: [], nextCursor: null }));
    for await (const { method, params } of turn.stream()) {
      if (method === "turn/diff/updated") last = params.diff;
    }
    expect(last.slice(0, 4)).toBe("999x");
    await codex.close();
  });

  it("answers to the server's requests: 60 screenshots of 1 MB", async () => {
    const { server, codex, turn } = await runningTurn({
      handlers: {
        "brand/new": ({ count }: { count: number }) => `${count}${"x".repeat(MIB)}`,
      } as never,
    });
    const before = heapUsed();
    for (let count = 0; count < 60; count++) {
      const params = { threadId: "t1", turnId: "u1", callId: `c${count}`, count };
      const answer = await server.ask("brand/new", params);
      expect(String(answer.result).length).toBeGreaterThan(MIB);
      server.received.length = 0;
    }
    expect(heapUsed() - before).toBeLessThan(20 * MIB);
    expect(turn.id).toBe("u1");
    await codex.close();
  });

  it("notifications that a reader, always one behind, has read", async () => {
    const { server, codex } = fakeClient();
    await codex.connect();
    const notifications = codex.notifications();
    const send = (count: number) =>
      server.sendText(
        `{"method":"brand/new","params":{"count":${count},"text":"${"x".repeat(1_000)}"}}`,
      );
    send(0);
    const before = heapUsed();
    for (let count = 1; count <= 40_000; count++) {
      send(count);
      await notifications.next();
    }
    expect(heapUsed() - before).toBeLessThan(10 * MIB);
    expect((await notifications.next()).value).toMatchObject({ params: { count: 40_000 } });
    await codex.close();
  });
});
