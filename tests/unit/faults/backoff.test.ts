import { afterEach, describe, expect, it, vi } from "vitest";
import { Codex, OutcomeUnknownError, TransportClosedError } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { fakeClient } from "../../support/fake.ts";

vi.setConfig({ testTimeout: 20_000 });
afterEach(() => void vi.useRealTimers());

function stopTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
}

/** A client of a server that outlives its connections, and the number of attempts to connect. */
function client(options: ConstructorParameters<typeof Codex>[0] = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  const codex = new Codex({ transport: server.endpoint, turnIdleMs: 0, ...options });
  const count = (method: string) =>
    server.received.filter((message) => message.method === method).length;
  return { server, codex, count };
}

/** Ends every connection when this message of the client has arrived. */
function dropAfter(server: FakeAppServer, method: string) {
  const drop = async () => {
    for (;;) {
      await server.message((message) => message.method === method);
      server.disconnect("dropped");
    }
  };
  void drop();
}

describe("a server that drops every connection", () => {
  it("right after the handshake is reconnected to with increasing delays", async () => {
    stopTime();
    const { server, codex, count } = client();
    dropAfter(server, "initialized");
    const connecting = codex.modelList().catch(() => {});
    await vi.advanceTimersByTimeAsync(5_000);
    expect(count("initialize")).toBeLessThanOrEqual(12);
    expect(count("initialize")).toBeGreaterThanOrEqual(3);
    await codex.close();
    await connecting;
  });

  it("is given up after as many attempts as the option allows", async () => {
    stopTime();
    const { server, codex, count } = client({ reconnect: { maxAttempts: 4, initialDelayMs: 10 } });
    dropAfter(server, "initialized");
    const failing = codex.modelList().catch((error) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(codex.status.state).toBe("closed");
    expect(await failing).toBeInstanceOf(TransportClosedError);
    expect(count("initialize")).toBe(5);
  });

  it("after answering the look-up of a lost turn is reconnected to with increasing delays", async () => {
    const { server, codex, count } = client({ requestTimeoutMs: 0 });
    const thread = { thread: { id: "t1", status: { type: "idle" } } };
    server.answer("thread/start", () => thread).answer("thread/resume", () => thread);
    server.answer("thread/turns/list", () => {
      setImmediate(() => server.disconnect("dropped"));
      return { data: [], nextCursor: null };
    });
    const starting = (await codex.threadStart()).turn("go").catch(() => {});
    await server.request("turn/start");
    stopTime();
    server.disconnect("dropped");
    for (let passed = 0; passed < 5_000; passed += 10) await vi.advanceTimersByTimeAsync(10);
    expect(count("thread/turns/list")).toBeGreaterThanOrEqual(3);
    expect(count("initialize")).toBeLessThanOrEqual(12);
    await codex.close();
    await starting;
  });

  it("only once, after it was useful for a while, is reconnected to immediately", async () => {
    stopTime();
    const { server, codex, count } = client({ reconnect: { maxAttempts: 3, initialDelayMs: 10 } });
    await codex.connect();
    for (let round = 1; round <= 10; round++) {
      await vi.advanceTimersByTimeAsync(60_000);
      server.disconnect("once");
      await vi.advanceTimersByTimeAsync(100);
      expect(codex.status.state).toBe("ready");
      expect(count("initialize")).toBe(1 + round);
    }
    await codex.close();
  });
});

describe("a request that ends every connection on which it is sent", () => {
  it("is given up after a few attempts", async () => {
    stopTime();
    const { server, codex, count } = client();
    dropAfter(server, "model/list");
    const asking = codex.modelList({ timeoutMs: 0 }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(count("model/list")).toBeLessThanOrEqual(8);
    expect(await asking).toBeInstanceOf(OutcomeUnknownError);
    await codex.close();
  });

  it("is sent with increasing delays", async () => {
    stopTime();
    const { server, codex, count } = client();
    dropAfter(server, "model/list");
    const asking = codex.modelList({ timeoutMs: 0 }).catch(() => {});
    await vi.advanceTimersByTimeAsync(200);
    expect(count("model/list")).toBeLessThanOrEqual(4);
    await codex.close();
    await asking;
  });

  it("doesn't end the client: others are answered afterwards", async () => {
    stopTime();
    const { server, codex } = client();
    server.answer("thread/loaded/list", () => ({ data: [] }));
    dropAfter(server, "model/list");
    const asking = codex.modelList({ timeoutMs: 0 }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await asking).toBeInstanceOf(OutcomeUnknownError);
    const other = codex.request("thread/loaded/list", {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await other).toEqual({ data: [] });
    await codex.close();
  });
});

describe("one signal on 20,000 calls costs four times as much as on 5,000", () => {
  const FEW = 5_000;
  /** With quadratic work, the ratio would be 16. */
  const MOST = 6.5;

  /** The CPU time of this many calls with one signal, in microseconds. */
  async function costOf(
    count: number,
    finish: (signal: AbortController) => void,
    answers: boolean,
  ) {
    const { server, codex } = fakeClient();
    if (answers) server.answer("thread/read", () => ({ thread: 1 }));
    await codex.connect();
    const controller = new AbortController();
    const { signal } = controller;
    const before = process.cpuUsage();
    const calls = Array.from({ length: count }, () =>
      codex.request("thread/read", { threadId: "x" }, { signal }).catch((error) => error),
    );
    await new Promise(setImmediate);
    finish(controller);
    const results = new Set(await Promise.all(calls));
    const { user, system } = process.cpuUsage(before);
    await codex.close();
    return { cost: user + system, results: results.size };
  }

  it.each<[string, (signal: AbortController) => void, boolean]>([
    ["that wait, when it aborts", (controller) => controller.abort(new Error("enough")), false],
    ["that are answered", () => {}, true],
  ])(
    "%s",
    async (_what, finish, answers) => {
      await costOf(FEW, finish, answers);
      const few = await costOf(FEW, finish, answers);
      const many = await costOf(4 * FEW, finish, answers);
      expect(many.results).toBe(answers ? 4 * FEW : 1);
      expect(many.cost).toBeLessThan(MOST * few.cost);
    },
    60_000,
  );
});
