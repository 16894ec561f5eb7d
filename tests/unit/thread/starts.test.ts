import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../src/client/codex.ts";
import { Codex, TurnLostError } from "../../../src/index.ts";
import { FakeAppServer, type FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

const idle = { threadId: "t1", status: { type: "idle" } };
const active = { threadId: "t1", status: { type: "active", activeFlags: [] } };

describe("a start waits", () => {
  it("after a turn that the server won't report on, until the server reports that the thread is idle", async () => {
    const { server, codex, thread, turn, count } = await runningTurn();
    server.answer("thread/resume", (_params, request) => request.fail(-32603, "not now"));
    server.disconnect();
    expect(await failureOf(turn.run())).toBeInstanceOf(TurnLostError);
    server.answer("thread/resume", () => threadIs("active"));
    const asked = count("thread/read");
    const second = thread.run("two");
    await expect.poll(() => count("thread/read")).toBeGreaterThan(asked);
    expect(count("turn/start")).toBe(1);
    server.answer("thread/resume", () => threadIs("idle"));
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "u1"));
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    expect((await second).status).toBe("completed");
    await codex.close();
  });

  it("for a turn that an answer about the usage of the last one reports", async () => {
    const { server, codex, thread, turn, count } = await runningTurn();
    // The usage arrives with the list of all turns. In the meantime, another client has started a turn.
    server.answer("thread/resume", ({ excludeTurns }) =>
      threadIs(excludeTurns === true ? "idle" : "active"),
    );
    const whole = { id: "u1", status: "completed", items: [message("whole")] };
    server.answer("thread/turns/list", () => listOf(whole));
    server.answer("thread/read", () => threadIs("active"));
    server.disconnect();
    expect((await turn.run()).text).toBe("whole");
    const second = thread.run("two");
    await new Promise(setImmediate);
    expect(count("turn/start")).toBe(1);
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "another's"));
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    await second;
    await codex.close();
  });
});

describe("a thread that is only presumed to be busy", () => {
  it("becomes idle when the server says so, even if nothing waits for it: a removed message of its queue", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/queue/list", () => ({ data: [] }));
    server.answer("thread/read", () => threadIs("idle"));
    // Without a handle, the client forgets the thread.
    const thread = await codex.threadStart();
    server.notify("thread/queue/changed", { threadId: thread.id });
    expect(sessionOf(codex).use.activeThreads).toBe(1);
    await expect.poll(() => sessionOf(codex).use.activeThreads).toBe(0);
    await codex.close();
  });

  it("becomes idle when the server says so, even if nothing waits for it: a turn that was lost", async () => {
    const { server, codex, thread, turn } = await runningTurn();
    server.answer("thread/resume", (_params, request) => request.fail(-32603, "not now"));
    server.disconnect();
    expect(await failureOf(turn.run())).toBeInstanceOf(TurnLostError);
    server.answer("thread/read", () => threadIs("idle"));
    await expect.poll(() => [...sessionOf(codex).threads.atWork()]).not.toContain(thread.id);
    await codex.close();
  });
});

describe("a start that was refused for overload and waits for its next attempt", () => {
  it("ends with the signal of the retries, even while another turn runs", async () => {
    const controller = new AbortController();
    const { server, codex } = fakeClient({
      retryOnOverload: { initialDelayMs: 1, jitterRatio: 0, signal: controller.signal },
    });
    server.answer("thread/read", () => threadIs("active"));
    const thread = await codex.threadStart();
    const refused = failureOf(thread.run("mine"));
    const start = await server.request("turn/start");
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "another's"));
    start.fail(-32001, "Server overloaded; retry later.");
    // The delay before the second attempt ended long ago.
    await expect
      .poll(() => server.received.some(({ method }) => method === "thread/read"))
      .toBe(true);
    controller.abort(new Error("no more retries"));
    expect((await refused).message).toBe("no more retries");
    await codex.close();
  });
});

describe("a start that was admitted just before the server was restarted", () => {
  it("loads the thread there, and starts", async () => {
    const server = new FakeAppServer();
    const gate = { open: Promise.resolve() };
    const transport = {
      ...server.endpoint,
      connect: (signal: AbortSignal) => gate.open.then(() => server.endpoint.connect(signal)),
    };
    const codex = new Codex({ transport, restart: { initialDelayMs: 1 }, turnIdleMs: 0 });
    server.answer("thread/start", () => threadIs("idle"));
    server.answer("thread/resume", (_params, request) => request.fail(-32603, "not now"));
    const thread = await codex.threadStart();
    const { promise, resolve } = deferred<void>();
    gate.open = promise;
    server.disconnect();
    const input = [{ type: "text" as const, text: "hi", text_elements: [] }];
    const starting = codex.request("turn/start", { threadId: thread.id, input });
    for (let count = 0; count < 5; count++) await new Promise(setImmediate);
    resolve();
    const first = await server.request("turn/start");
    server.answer("thread/resume", () => threadIs("idle"));
    first.fail(-32600, "thread not found: t1");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    expect(await starting).toEqual({ turn: { id: "u1" } });
    await codex.close();
  });
});

describe("thread/queue/add through codex.request()", () => {
  it("loads the thread again first when its connection was lost and it could not be resumed", async () => {
    const { server, codex } = fakeClient({ restart: { initialDelayMs: 1 } });
    const thread = await codex.threadStart();
    server.answer("thread/resume", (_params, request) => request.fail(-32603, "not now"));
    server.disconnect();
    const methods = () => server.received.map(({ method }) => method);
    await expect.poll(methods).toContain("thread/resume");
    server.answer("thread/resume", () => threadIs("idle"));
    server.answer("thread/queue/list", () => ({ data: [] }));
    const input = [{ type: "text" as const, text: "later", text_elements: [] }];
    const adding = codex.request("thread/queue/add", {
      ...{ threadId: thread.id, input, clientUserMessageId: "q1" },
    });
    const add = await server.request("thread/queue/add");
    expect(methods().filter((method) => method === "thread/resume")).toHaveLength(2);
    add.respond({ queuedSubmission: { id: "q1" } });
    await adding;
    await codex.close();
  });

  it("says how to load the thread again when it was unsubscribed, and the server no longer has it", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    server.answer("thread/unsubscribe", () => ({ status: "unsubscribed" }));
    await thread.unsubscribe();
    const input = [{ type: "text" as const, text: "later", text_elements: [] }];
    const adding = codex.request("thread/queue/add", {
      ...{ threadId: thread.id, input, clientUserMessageId: "q1" },
    });
    (await server.request("thread/queue/add")).fail(-32600, "thread not found: t1");
    await expect(adding).rejects.toThrow(/unsubscribed.*: load it again with codex.threadResume/);
    await codex.close();
  });
});

describe("a compaction", () => {
  it("continues, regardless of the answer to an older question about the thread", async () => {
    const { server, codex, thread, turn } = await runningTurn({ turnIdleMs: 20 });
    const questions: FakeRequest[] = [];
    server.answer("thread/read", (_params, request) => void questions.push(request));
    await expect.poll(() => questions.length).toBe(1);
    server.notify(...messageCompleted("t1", "u1", "done"));
    server.notify(...turnCompleted("t1", "u1"));
    await turn.run();
    let isOver = false;
    const compacting = thread.compact().finally(() => {
      isOver = true;
    });
    (await server.request("thread/compact/start")).respond({});
    questions[0]?.respond(threadIs("idle"));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    server.notify(...turnStarted("t1", "c1"));
    server.notify(...turnCompleted("t1", "c1"));
    await compacting;
    await codex.close();
  });

  const item = { type: "contextCompaction", id: "i1" };

  it("that failed before its answer arrived has failed", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const compacting = failureOf(thread.compact());
    const asked = await server.request("thread/compact/start");
    server.notify(...turnStarted("t1", "c1"));
    server.notify("item/started", { threadId: "t1", turnId: "c1", item });
    server.notify(...turnCompleted("t1", "c1", "failed"));
    asked.respond({});
    expect(await compacting).toMatchObject({ name: "TurnFailedError" });
    await codex.close();
  });

  it("doesn't succeed if only another turn was seen", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const compacting = failureOf(thread.compact());
    (await server.request("thread/compact/start")).respond({});
    server.notify(...turnStarted("t1", "another's"));
    server.notify(...messageCompleted("t1", "another's", "hello"));
    server.notify(...turnCompleted("t1", "another's"));
    expect((await compacting).message).toContain("the server never reported that it ended");
    await codex.close();
  });

  it("doesn't succeed if nothing of it is seen", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/read", () => threadIs("idle"));
    const thread = await codex.threadStart();
    const compacting = failureOf(thread.compact());
    (await server.request("thread/compact/start")).respond({});
    expect((await compacting).message).toContain("the server never reported the turn");
    await codex.close();
  });
});

describe("a start after an unsubscribe and a resume", () => {
  it("waits for the server's own queue, which got a message in between", async () => {
    const { server, codex } = fakeClient();
    const queued = [{ id: "q1" }];
    let status = "active";
    server.answer("thread/queue/list", () => ({ data: [...queued] }));
    server.answer("thread/read", () => threadIs(status));
    server.answer("thread/resume", () => threadIs("active"));
    const thread = await codex.threadStart();
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "another's"));
    const leaving = thread.unsubscribe();
    const unsubscribe = await server.request("thread/unsubscribe");
    const queueing = thread.queue("queued");
    const queue = await server.request("thread/queue/add");
    unsubscribe.respond({ status: "unsubscribed" });
    queue.respond({ queuedSubmission: { id: "q1" } });
    await Promise.all([leaving, queueing]);
    const again = await codex.threadResume("t1");
    const running = again.run("mine");
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "another's"));
    await new Promise(setImmediate);
    expect(server.received.map(({ method }) => method)).not.toContain("turn/start");
    queued.pop();
    server.notify("thread/queue/changed", { threadId: "t1" });
    server.notify("thread/status/changed", active);
    server.notify(...turnStarted("t1", "queued"));
    status = "idle";
    server.notify("thread/status/changed", idle);
    server.notify(...turnCompleted("t1", "queued"));
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).turnId).toBe("u1");
    await codex.close();
  });
});

describe("a start after a resume whose answer names no thread", () => {
  it("waits until the server reports that the thread is idle", async () => {
    const { server, codex } = fakeClient();
    let status = "active";
    server.answer("thread/resume", () => null);
    server.answer("thread/read", () => threadIs(status));
    const thread = await codex.threadResume("t1");
    const running = thread.run("mine");
    await expect.poll(() => server.received.map(({ method }) => method)).toContain("thread/read");
    expect(server.received.map(({ method }) => method)).not.toContain("turn/start");
    status = "idle";
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).status).toBe("completed");
    await codex.close();
  });
});

it("a start doesn't wait for a turn whose items arrive after its end, and whose beginning was missed", async () => {
  const { server, codex } = fakeClient();
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/read", () => threadIs("idle"));
  const thread = await codex.threadResume("t1");
  const shown: string[] = [];
  thread.onTurn((turn) => shown.push(turn.id));
  server.notify("thread/status/changed", idle);
  server.notify(...turnCompleted("t1", "missed"));
  const item = { type: "agentMessage", id: "late", text: "", phase: null };
  server.notify("item/started", { threadId: "t1", turnId: "missed", item });
  const running = thread.run("mine");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  server.notify(...turnCompleted("t1", "u1"));
  expect((await running).status).toBe("completed");
  expect(shown).toEqual(["u1"]);
  await codex.close();
});
