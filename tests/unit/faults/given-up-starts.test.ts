import { describe, expect, test } from "vitest";
import { Codex, type RequestOptions, type Thread } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";

const ACTIVE = { threadId: "t1", status: { type: "active", activeFlags: [] } };

/** A thread, and what makes a call give up: an abort, or its time limit. */
async function given() {
  const { server, codex } = fakeClient();
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
  const thread = await codex.threadStart();
  const controller = new AbortController();
  const interrupted = async () => {
    const request = await server.request("turn/interrupt");
    request.respond({});
    return request.params;
  };
  return { server, codex, thread, controller, interrupted };
}

type Start = (thread: Thread, options: RequestOptions) => Promise<unknown>;

const starts: [method: string, Start, answer: object][] = [
  ["thread/shellCommand", (thread, options) => thread.shell("sleep 47", options), {}],
  ["thread/compact/start", (thread, options) => thread.compact(options), {}],
  [
    "review/start",
    (thread, options) => thread.review({ type: "uncommittedChanges" }, options),
    { turn: { id: "u1", status: "inProgress", items: [] }, reviewThreadId: "t1" },
  ],
];

describe("a turn whose start was abandoned before the server answered is interrupted", () => {
  test.each(starts)("%s, after an abort", async (method, start, answer) => {
    const { server, codex, thread, controller, interrupted } = await given();
    const starting = start(thread, { signal: controller.signal });
    const request = await server.request(method);
    controller.abort(new Error("enough"));
    await expect(starting).rejects.toThrow("enough");
    request.respond(answer);
    server.notify("thread/status/changed", ACTIVE);
    server.notify(...turnStarted("t1", "u1"));
    expect(await interrupted()).toMatchObject({ threadId: "t1", turnId: "u1" });
    await codex.close();
  });

  test.each(starts)("%s, after its time limit", async (method, start, answer) => {
    const { server, codex, thread, interrupted } = await given();
    const starting = start(thread, { timeoutMs: 20 });
    const request = await server.request(method);
    await expect(starting).rejects.toThrow("got no response within 20 ms");
    request.respond(answer);
    server.notify("thread/status/changed", ACTIVE);
    server.notify(...turnStarted("t1", "u1"));
    expect(await interrupted()).toMatchObject({ threadId: "t1", turnId: "u1" });
    await codex.close();
  });
});

describe("a thread whose start was abandoned before the server answered is unloaded", () => {
  const opened = { thread: { id: "t9", status: { type: "idle" } } };

  test("after an abort of threadStart()", async () => {
    const server = new FakeAppServer();
    const codex = new Codex({ transport: server.endpoint });
    const controller = new AbortController();
    const starting = codex.threadStart({ signal: controller.signal });
    const request = await server.request("thread/start");
    controller.abort(new Error("enough"));
    await expect(starting).rejects.toThrow("enough");
    request.respond(opened);
    expect((await server.request("thread/unsubscribe")).params).toEqual({ threadId: "t9" });
    await codex.close();
  });

  test("after the time limit of fork()", async () => {
    const { server, codex, thread } = await given();
    const forking = thread.fork({ timeoutMs: 20 });
    const request = await server.request("thread/fork");
    await expect(forking).rejects.toThrow("got no response within 20 ms");
    request.respond(opened);
    expect((await server.request("thread/unsubscribe")).params).toEqual({ threadId: "t9" });
    await codex.close();
  });
});
