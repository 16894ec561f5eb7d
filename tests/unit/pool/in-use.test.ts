import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Codex } from "../../../src/index.ts";
import type { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { fakePool } from "../../support/pool.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LONG_MS = 3_600_000;

function status(threadId: string, type: string): [string, object] {
  return ["thread/status/changed", { threadId, status: { type } }];
}

/** Starts something that needs the server. Resolves with a function that ends it. */
type Begin = (codex: Codex, server: FakeAppServer) => Promise<() => unknown>;

const uses: readonly [string, Begin][] = [
  [
    "a turn of this client",
    async (codex, server) => {
      server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
      const thread = await codex.threadStart();
      await thread.turn("hello");
      server.notify(...status("t1", "active"));
      server.notify(...turnStarted("t1", "u1"));
      return () => {
        server.notify(...status("t1", "idle"));
        server.notify(...turnCompleted("t1", "u1"));
      };
    },
  ],
  [
    "a turn that the server started on a thread without a handle",
    async (_codex, server) => {
      server.notify(...status("unknown", "active"));
      return () => server.notify(...status("unknown", "idle"));
    },
  ],
  [
    "a turn of a thread that was unsubscribed",
    async (codex, server) => {
      const thread = await codex.threadStart();
      server.notify(...status("t1", "active"));
      await thread.unsubscribe();
      return () => server.notify("thread/closed", { threadId: "t1" });
    },
  ],
  [
    "a request in progress",
    async (codex, server) => {
      const listing = codex.request("model/list", {}, { timeoutMs: 0 });
      const request = await server.request("model/list");
      return async () => {
        request.respond({ data: [] });
        await listing;
      };
    },
  ],
  [
    "a server request that is waiting for an answer",
    async (codex, server) => {
      await codex.threadStart();
      const form = { mode: "form", message: "Which?", _meta: null };
      const requestedSchema = { type: "object", properties: {} };
      const params = { threadId: "t1", turnId: null, serverName: "s", ...form, requestedSchema };
      void server.ask("mcpServer/elicitation/request", params);
      const request = await codex.requests.next();
      return () => request?.answer("decline");
    },
  ],
  [
    "a stream of notifications",
    async (codex) => {
      const stream = codex.notifications();
      void stream.next();
      return () => stream.return();
    },
  ],
  [
    "a listener of notifications",
    async (codex) => {
      const listening = codex.on("account/updated", () => {});
      return () => listening[Symbol.dispose]();
    },
  ],
  [
    "a listener of requests",
    async (codex) => {
      const listening = codex.requests.on("added", () => {});
      return () => listening[Symbol.dispose]();
    },
  ],
  [
    "a wait for the next request",
    async (codex) => {
      const controller = new AbortController();
      const next = codex.requests.next({ signal: controller.signal });
      return () => {
        controller.abort();
        return next.catch(() => {});
      };
    },
  ],
  [
    "a listener of a thread's turns",
    async (codex) => {
      const thread = await codex.threadStart();
      const listening = thread.onTurn(() => {});
      return () => listening[Symbol.dispose]();
    },
  ],
  [
    "an open timeline",
    async (codex, server) => {
      server.answer("thread/turns/list", () => ({ data: [], nextCursor: null }));
      server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
      server.answer("thread/goal/get", () => ({ goal: null }));
      const thread = await codex.threadStart();
      const timeline = await thread.timeline();
      return () => timeline.close();
    },
  ],
];

describe.each(uses)("a server is not stopped during %s", (_what, begin) => {
  async function begun(options: { maxServers?: number; idleMs?: number }) {
    const fake = fakePool({ ...options, codexOptions: { approvals: "ask", turnIdleMs: 0 } });
    // The turn is started in a use, and outlives the use.
    const end = await fake.pool.use("a", (codex) => begin(codex, fake.server("a")));
    return { ...fake, end };
  }

  test("when it has been idle for a long time, and is afterwards", async () => {
    const { running, end } = await begun({ idleMs: 1_000 });
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(running).toEqual(["a"]);
    await end();
    await vi.advanceTimersByTimeAsync(900);
    expect(running).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(600);
    expect(running).toEqual([]);
  });

  test("when another tenant waits for its slot, and is afterwards", async () => {
    const { pool, running, end } = await begun({ maxServers: 1, idleMs: 2 * LONG_MS });
    const next = pool.get("b");
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(running).toEqual(["a"]);
    await end();
    await vi.advanceTimersByTimeAsync(500);
    expect(running).toEqual(["b"]);
    await next;
  });
});

test("a server whose goal starts its next turn is not stopped in between", async () => {
  const { pool, running, server } = fakePool({ maxServers: 1 });
  await pool.use("a", () => {});
  server("a").notify(...status("t1", "active"));
  const next = pool.get("b");
  for (let turn = 0; turn < 5; turn++) {
    server("a").notify(...status("t1", "idle"));
    // The pool checks every 200 ms, so one of the checks happens between two turns.
    await vi.advanceTimersByTimeAsync(50);
    server("a").notify(...status("t1", "active"));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(running).toEqual(["a"]);
  server("a").notify(...status("t1", "idle"));
  await vi.advanceTimersByTimeAsync(500);
  await next;
  expect(running).toEqual(["b"]);
});

test("listening to the client's status doesn't keep the server", async () => {
  const { pool, running } = fakePool({ idleMs: 1_000 });
  await pool.use("a", (codex) => codex.onStatus(() => {}));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(running).toEqual([]);
});

test("idle servers are stopped after their time, counted from the last use", async () => {
  const { pool, running } = fakePool({ idleMs: 60_000 });
  await pool.use("a", () => {});
  await vi.advanceTimersByTimeAsync(40_000);
  await pool.use("b", () => {});
  await pool.use("a", () => {});
  await vi.advanceTimersByTimeAsync(59_000);
  expect(running).toEqual(["a", "b"]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(running).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

describe("a server that no longer answers", () => {
  /** From now on the server of "a" reads nothing and sends nothing. */
  function hang(server: FakeAppServer): void {
    server.answer("thread/loaded/list", () => undefined);
  }

  test("is replaced when its tenant comes back", async () => {
    const { pool, started, server } = fakePool();
    await pool.use("a", () => {});
    hang(server("a"));
    await vi.advanceTimersByTimeAsync(1_500);
    const back = [pool.use("a", () => 1), pool.use("a", () => 2)];
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await Promise.all(back)).toEqual([1, 2]);
    expect(started).toEqual(["a", "a"]);
  });

  test("doesn't hold up other tenants", async () => {
    const { pool, running, server } = fakePool({ maxServers: 1 });
    await pool.use("a", () => {});
    hang(server("a"));
    await pool.use("b", () => {});
    expect(running).toEqual(["b"]);
  });

  test("is stopped even if the end of a turn was never reported", async () => {
    const { pool, running, server } = fakePool({ maxServers: 1 });
    await pool.use("a", () => {});
    server("a").notify(...status("t1", "active"));
    const next = pool.get("b");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(running).toEqual(["a"]);
    hang(server("a"));
    await vi.advanceTimersByTimeAsync(60_000);
    await next;
    expect(running).toEqual(["b"]);
  });

  test("is not replaced because it is too busy to answer", async () => {
    const { pool, started, server } = fakePool();
    await pool.use("a", () => {});
    await vi.advanceTimersByTimeAsync(1_500);
    server("a").answer("thread/loaded/list", (_params, request) => {
      request.fail(-32001, "Server overloaded; retry later.");
    });
    const back = pool.use("a", () => 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await back).toBe(1);
    expect(started).toEqual(["a"]);
  });
});

test("a server is asked whether it answers only when a use begins after a second without any", async () => {
  const { pool, server } = fakePool();
  const asked = () =>
    server("a").received.filter(({ method }) => method === "thread/loaded/list").length;
  const lease = await pool.get("a");
  await pool.use("a", () => {});
  expect(asked()).toBe(0);
  lease.release();
  await pool.use("a", () => {});
  expect(asked()).toBe(0);
  await vi.advanceTimersByTimeAsync(1_500);
  await Promise.all([pool.get("a"), pool.get("a"), pool.use("a", () => {})]);
  expect(asked()).toBe(1);
});
