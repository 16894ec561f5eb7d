import { describe, expect, it } from "vitest";
import {
  Codex,
  type CodexOptions,
  type CodexStatus,
  type Endpoint,
  OutcomeUnknownError,
  TransportClosedError,
} from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";

/** A client of a fake server that outlives its connections; `reachable` decides whether it accepts connections. */
async function client(options: CodexOptions = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  const way = { reachable: true };
  const transport: Endpoint = {
    ...server.endpoint,
    connect: (signal) => {
      if (!way.reachable) throw new Error("nobody there");
      return server.endpoint.connect(signal);
    },
  };
  const states: CodexStatus["state"][] = [];
  const codex = new Codex({
    transport,
    reconnect: { initialDelayMs: 1, maxDelayMs: 1 },
    ...options,
  });
  codex.onStatus(({ state }) => states.push(state));
  await codex.connect();
  return { server, codex, way, states };
}

describe("a request whose connection is lost", () => {
  it("while it waits for its second attempt ends with the signal of the retries", async () => {
    const controller = new AbortController();
    const { server, codex } = await client({
      reconnect: { initialDelayMs: 60_000 },
      retryOnOverload: { initialDelayMs: 1, jitterRatio: 0, signal: controller.signal },
    });
    const reading = failureOf(codex.models());
    (await server.request("model/list")).fail(-32001, "Server overloaded; retry later.");
    server.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort(new Error("no more retries"));
    expect((await reading).message).toBe("no more retries");
    await codex.close();
  });

  it("is sent again when it only reads", async () => {
    const { server, codex, states } = await client();
    const reading = codex.modelList();
    await server.request("model/list");
    server.disconnect();
    (await server.request("model/list")).respond({ data: [], nextCursor: null });
    expect(await reading).toEqual({ data: [], nextCursor: null });
    expect(states).toEqual(["connecting", "ready", "reconnecting", "ready"]);
  });

  it("is an error with an unknown outcome if it changes something", async () => {
    const { server, codex } = await client();
    const writing = codex.request("config/value/write", {
      keyPath: "model",
      value: "m",
      mergeStrategy: "replace",
    });
    await server.request("config/value/write");
    server.disconnect("cut");
    const error = await failureOf(writing);
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", method: "config/value/write" });
    expect(error.message).toContain("the server may or may not have processed it (cut)");
  });

  it("is sent later if there is no connection", async () => {
    const { server, codex, way } = await client();
    server.answer("config/value/write", () => ({}));
    way.reachable = false;
    server.disconnect();
    const writing = codex.request("config/value/write", {
      keyPath: "model",
      value: "m",
      mergeStrategy: "replace",
    });
    way.reachable = true;
    expect(await writing).toEqual({});
  });
});

describe("a connection that can't be re-established", () => {
  it("fails after the maximum number of attempts, with the reason", async () => {
    const { server, codex, way } = await client({
      reconnect: { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 3 },
    });
    way.reachable = false;
    const waiting = failureOf(codex.modelList());
    await server.request("model/list");
    server.disconnect("cut");
    const error = await waiting;
    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error.message).toBe(
      "cut. Reconnecting failed after 3 attempts; the last error: nobody there",
    );
    expect(await codex.closed).toMatchObject({ message: error.message });
    expect(await failureOf(codex.modelList())).toMatchObject({ message: error.message });
  });

  it("is given up when the signal of reconnect aborts", async () => {
    const controller = new AbortController();
    const { server, codex, way } = await client({
      reconnect: { initialDelayMs: 60_000, signal: controller.signal },
    });
    way.reachable = false;
    server.disconnect("cut");
    const waiting = failureOf(codex.modelList());
    controller.abort(new Error("enough"));
    const error = await waiting;
    expect(error.message).toContain("Reconnecting was aborted");
    expect(error.cause).toMatchObject({ message: "enough" });
  });

  it("does not hold up close()", async () => {
    const { server, codex, way, states } = await client({
      reconnect: { initialDelayMs: 60_000 },
    });
    way.reachable = false;
    server.disconnect("cut");
    const waiting = failureOf(codex.modelList());
    await codex.close();
    expect((await waiting).message).toContain("The client was closed");
    expect(states.at(-1)).toBe("closed");
  });

  it("is not even tried with reconnect: false", async () => {
    const { server, codex, states } = await client({ reconnect: false });
    server.disconnect("cut");
    expect(await codex.closed).toMatchObject({ message: "cut" });
    expect(states.at(-1)).toBe("closed");
  });
});

it("a request that is sent again to a restarted server loads its thread there first", async () => {
  const server = new FakeAppServer();
  const isLoaded = new Set<string>();
  const load = (id: string) => {
    isLoaded.add(id);
    return { thread: { id, status: { type: "idle" } } };
  };
  server
    .answer("thread/start", () => load("t1"))
    .answer("thread/goal/set", ({ threadId }, request) => {
      if (isLoaded.has(String(threadId))) return { goal: { status: "paused" } };
      request.fail(-32600, `thread not found: ${threadId}`);
      return undefined;
    });
  const codex = new Codex({ transport: server.endpoint, restart: { initialDelayMs: 1 } });
  const thread = await codex.threadStart();
  // For another client of the old process, the thread would still be loaded.
  isLoaded.clear();
  server.disconnect();
  const setting = codex.request("thread/goal/set", { threadId: thread.id, objective: "win" });
  const resume = await server.request("thread/resume");
  server.answer("thread/resume", ({ threadId }) => load(String(threadId)));
  const methods = () => server.received.map(({ method }) => method);
  await expect.poll(methods).toContain("thread/goal/set");
  resume.respond(load("t1"));
  expect(await setting).toEqual({ goal: { status: "paused" } });
  await codex.close();
});
