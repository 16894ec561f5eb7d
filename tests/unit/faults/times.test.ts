import { describe, expect, it, vi } from "vitest";
import { Codex, type CodexOptions, RequestTimeoutError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { runningTurn, threadIs } from "../../support/running-turn.ts";

vi.setConfig({ testTimeout: 8_000 });

const LONG = [30 * 24 * 3_600_000, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(LONG)("a time of %d ms doesn't fire immediately", (timeoutMs) => {
  it("as timeoutMs of run()", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const running = thread.run("hi", { timeoutMs });
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    await pause(30);
    server.notify(...messageCompleted("t1", "u1", "whole"));
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).text).toBe("whole");
    expect(server.received.some(({ method }) => method === "turn/interrupt")).toBe(false);
    await codex.close();
  });

  it("as timeoutMs of a request, and as the option of the client", async () => {
    const { server, codex } = fakeClient({ requestTimeoutMs: timeoutMs, turnIdleMs: timeoutMs });
    const calls = [codex.modelList(), codex.modelList({ timeoutMs })];
    for (const _ of calls) {
      const request = await server.request("model/list");
      await pause(20);
      request.respond({ data: [], nextCursor: null });
    }
    expect(await Promise.all(calls)).toHaveLength(2);
    await codex.close();
  });

  it("as the delays of retries", async () => {
    const retryOnOverload = { initialDelayMs: timeoutMs, maxDelayMs: timeoutMs, jitterRatio: 0 };
    const { server, codex } = fakeClient({ retryOnOverload });
    const asking = failureOf(codex.modelList());
    (await server.request("model/list")).fail(-32001, "Server overloaded; retry later.");
    await pause(30);
    expect(server.received.filter(({ method }) => method === "model/list")).toHaveLength(1);
    await codex.close();
    await asking;
  });

  it("as the delay before reconnecting", async () => {
    const { server, codex, count } = await runningTurn({
      reconnect: { initialDelayMs: timeoutMs, maxDelayMs: timeoutMs, jitterRatio: 0 },
    });
    server.answer("thread/resume", () => threadIs("active"));
    server.disconnect();
    await pause(30);
    expect(count("initialize")).toBe(1);
    await codex.close();
  });
});

describe("an invalid duration is refused immediately", () => {
  const odd: [string, unknown][] = [
    ["NaN", Number.NaN],
    ["a negative number", -1],
    ["a string", "5"],
  ];
  it.each(odd)("%s as timeoutMs of a call", async (_what, timeoutMs) => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const before = server.received.length;
    const options = { timeoutMs: timeoutMs as number };
    const calls: (() => Promise<unknown>)[] = [
      () => codex.modelList(options),
      () => thread.run("hi", options),
    ];
    for (const call of calls) {
      const error = await failureOf(Promise.resolve().then(call));
      expect(["TypeError", "RangeError"]).toContain(error.name);
    }
    expect(server.received).toHaveLength(before);
    await codex.close();
  });
});

describe("the time of a request includes", () => {
  /** A server that can't be reached. */
  const unreachable: CodexOptions = {
    transport: {
      name: "nowhere",
      outlivesTransport: true,
      connect: (signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    },
  };

  it("connecting, by the option of the call", async () => {
    const codex = new Codex(unreachable);
    const error = await failureOf(codex.modelList({ timeoutMs: 20 }));
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toMatchObject({ timeoutMs: 20, method: "model/list" });
    await codex.close();
  }, 2_000);

  it("reconnecting", async () => {
    const { server, codex } = await runningTurn({ reconnect: { initialDelayMs: 60_000 } });
    server.disconnect();
    await new Promise(setImmediate);
    expect(await failureOf(codex.modelList({ timeoutMs: 20 }))).toBeInstanceOf(RequestTimeoutError);
    await codex.close();
  }, 2_000);

  it("the handshake", async () => {
    const { server, codex } = fakeClient();
    server.answer("initialize", () => undefined);
    expect(await failureOf(codex.modelList({ timeoutMs: 20 }))).toBeInstanceOf(RequestTimeoutError);
    await codex.close();
  }, 2_000);

  it("all retries", async () => {
    const { server, codex } = fakeClient({
      retryOnOverload: { maxAttempts: 1_000, initialDelayMs: 5, maxDelayMs: 5 },
    });
    server.answer("model/list", (_params, request) => request.fail(-32001, "overloaded"));
    expect(await failureOf(codex.modelList({ timeoutMs: 60 }))).toBeInstanceOf(RequestTimeoutError);
    await codex.close();
  }, 2_000);
});

describe("the signal of retryOnOverload", () => {
  it("ends the retries of a call with its own signal", async () => {
    const retries = new AbortController();
    const { server, codex } = fakeClient({
      retryOnOverload: { initialDelayMs: 60_000, maxDelayMs: 60_000, signal: retries.signal },
    });
    const own = new AbortController();
    const asking = failureOf(codex.modelList({ signal: own.signal }));
    (await server.request("model/list")).fail(-32001, "Server overloaded; retry later.");
    await new Promise(setImmediate);
    const reason = new Error("no more retries");
    retries.abort(reason);
    expect(await asking).toBe(reason);
    await codex.close();
  }, 2_000);
});
