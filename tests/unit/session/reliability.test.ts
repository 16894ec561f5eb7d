import { describe, expect, test } from "vitest";
import {
  Codex,
  type CodexOptions,
  RequestTimeoutError,
  TransportClosedError,
  TurnLostError,
} from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";
import { said } from "../../support/whose-turn.ts";

const soon = { initialDelayMs: 1, jitterRatio: 0 };
const approval = { threadId: "t1", turnId: "u1", itemId: "i1", command: "ls" };
const ASK = "item/commandExecution/requestApproval";

/** A client with one thread whose turn u1 is running, on a server to which it can reconnect. */
async function runningTurn(options: CodexOptions = {}, outlivesTransport = true) {
  const server = new FakeAppServer({ outlivesTransport });
  const thread = { id: "t1", status: { type: "idle" } };
  server.answer("thread/start", () => ({ thread }));
  const codex = new Codex({ transport: server.endpoint, reconnect: soon, ...options });
  const handle = await codex.threadStart();
  const starting = handle.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  return { server, codex, thread: handle, turn };
}

const answerTo = (id: number) => (message: { id?: unknown; method?: unknown }) =>
  message.id === id && message.method === undefined;

describe("a server request", () => {
  test("that arrives in the same chunk as the message that closes the client isn't handled", async () => {
    let handled = 0;
    const { server, codex } = await runningTurn({
      handlers: { "*": () => ++handled },
    });
    codex.on("warning", () => void codex.close());
    server.notify("warning", { message: "the last" });
    server.send({ id: 7, method: "item/tool/requestUserInput", params: { threadId: "t1" } });
    await codex.closed;
    await new Promise(setImmediate);
    expect(handled).toBe(0);
  });

  test("is answered although nothing waits for its turn any more", async () => {
    const controller = new AbortController();
    const { codex, server } = fakeClient({
      approvals: {
        command: (_params, { signal }) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      },
    });
    const running = (await codex.threadStart()).run("hi", { signal: controller.signal });
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    const answer = server.ask(ASK, approval);
    await new Promise(setImmediate);
    const reason = new Error("enough");
    controller.abort(reason);
    expect((await failureOf(running)).cause).toBe(reason);
    expect(await answer).toMatchObject({ error: { message: expect.stringMatching(/enough$/) } });
    await codex.close();
  });

  test("that is repeated while the connection is recovered gets its answer", async () => {
    const { server, codex, turn } = await runningTurn({ approvals: "accept" });
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
    const sent = server.received.find(({ method }) => method === "turn/start")?.params;
    const { clientUserMessageId } = sent as { clientUserMessageId: string };
    const item = said(clientUserMessageId);
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    await new Promise(setImmediate);
    server.disconnect();
    const resume = await server.request("thread/resume");
    resume.respond({ thread: { id: "t1", status: { type: "active" } } });
    server.send({ id: 0, method: ASK, params: approval });
    const list = await server.request("thread/turns/list");
    expect(await server.message(answerTo(0))).toMatchObject({ result: { decision: "accept" } });
    const running = { id: "u1", status: "inProgress", items: [] };
    list.respond({ data: [running], nextCursor: null });
    await codex.close();
    await expect(turn.run()).rejects.toThrow(TransportClosedError);
  });

  test("that is pending is looked for on each connection as often as on the first", async () => {
    const { server, codex } = await runningTurn({ approvals: "ask" });
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
    server.send({ id: 0, method: ASK, params: approval });
    await expect.poll(() => codex.requests.pending.length).toBe(1);
    // Every connection ends before the server answers.
    const sent: number[] = [];
    for (let cut = 1; cut <= 4; cut++) {
      const before = server.received.length;
      server.disconnect();
      const resumes = () =>
        server.received.slice(before).filter(({ method }) => method === "thread/resume").length;
      await expect.poll(resumes).toBeGreaterThanOrEqual(2);
      for (let count = 0; count < 5; count++) await new Promise(setImmediate);
      sent.push(resumes());
    }
    // One for the running turn, and one for the request.
    expect(sent).toEqual([2, 2, 2, 2]);
    await codex.close();
  });

  test("that is pending gets its answer though the server fails to resume its thread", async () => {
    const { server, codex } = await runningTurn({ approvals: "ask" });
    server.answer("thread/read", ({ threadId }) => ({ thread: { id: threadId } }));
    const answer = server.ask(ASK, { ...approval, threadId: "t9" });
    await expect.poll(() => codex.requests.pending.length).toBe(1);
    const [request] = codex.requests.pending;
    let resumes = 0;
    server.answer("thread/resume", ({ threadId }, { respond, fail }) => {
      if (threadId !== "t9") return respond({ thread: { id: threadId } });
      resumes++;
      fail(-32603, "failed to open the state database: database is locked");
    });
    server.disconnect();
    await expect.poll(() => resumes).toBe(1);
    await request?.answer("decline");
    expect(await answer).toMatchObject({ result: { decision: "decline" } });
    expect(resumes).toBe(3);
    await codex.close();
  });

  test("of a process that has died is not answered to the next one", async () => {
    let decide = (_decision: "accept"): void => {};
    let aborted = false;
    const { server, codex } = await runningTurn(
      {
        restart: soon,
        approvals: {
          command: ({ command }, { signal }) =>
            command === "ls"
              ? new Promise((resolve) => {
                  decide = resolve;
                  signal.addEventListener("abort", () => {
                    aborted = true;
                  });
                })
              : "decline",
        },
      },
      false,
    );
    server.send({ id: 0, method: ASK, params: approval });
    await new Promise(setImmediate);
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
    server.disconnect();
    const resume = await server.request("thread/resume");
    expect(aborted).toBe(true);
    decide("accept");
    server.send({ id: 0, method: ASK, params: { ...approval, command: "rm -rf /" } });
    expect(await server.message(answerTo(0))).toMatchObject({ result: { decision: "decline" } });
    resume.fail(-32600, "thread not found");
    await codex.close();
  });
});

test("a start waits for a turn whose start wasn't reported", async () => {
  const { server, codex, thread } = await runningTurn();
  server.notify(...turnCompleted("t1", "u1"));
  const resumed = new Promise<void>((resolve) => {
    server.answer("thread/resume", () => {
      setImmediate(resolve);
      return { thread: { id: "t1", status: { type: "active" } } };
    });
  });
  server.disconnect();
  const starting = thread.turn("more");
  await resumed;
  server.notify(...turnStarted("t1", "another's"));
  await new Promise(setImmediate);
  const starts = () => server.received.filter(({ method }) => method === "turn/start");
  expect(starts()).toHaveLength(1);
  server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
  server.notify(...turnCompleted("t1", "another's"));
  (await server.request("turn/start")).respond({ turn: { id: "u2" } });
  expect((await starting).id).toBe("u2");
  await codex.close();
});

test("a turn whose history never arrives ends with an error, not with a partial result", async () => {
  const { server, codex, turn } = await runningTurn({ requestTimeoutMs: 20, turnIdleMs: 0 });
  server.disconnect();
  const resume = await server.request("thread/resume");
  resume.respond({ thread: { id: "t1", status: { type: "active" } } });
  const running = { id: "u1", status: "inProgress", items: [] };
  (await server.request("thread/turns/list")).respond({ data: [running], nextCursor: null });
  await new Promise(setImmediate);
  server.notify(...turnCompleted("t1", "u1"));
  const error = await failureOf(turn.run());
  expect(error).toBeInstanceOf(TurnLostError);
  expect(error.cause).toBeInstanceOf(RequestTimeoutError);
  await codex.close();
});

test("close() immediately ends a call that waits for its next attempt", async () => {
  const retryOnOverload = { initialDelayMs: 60_000, maxDelayMs: 60_000 };
  const { server, codex } = fakeClient({ retryOnOverload });
  const asking = failureOf(codex.modelList());
  (await server.request("model/list")).fail(-32001, "Server overloaded; retry later.");
  await new Promise(setImmediate);
  await codex.close();
  expect(await asking).toBeInstanceOf(TransportClosedError);
});
