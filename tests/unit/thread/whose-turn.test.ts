import { describe, expect, it } from "vitest";
import type { Codex, CodexOptions, RequestContext, Thread } from "../../../src/index.ts";
import type { FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";
import { change, client, isAnsweredSoon, said } from "../../support/whose-turn.ts";

const FILE = "item/fileChange/requestApproval";
const ask = (turnId: string) => [FILE, { threadId: "t1", turnId, itemId: "i1" }] as const;
const declined = { result: { decision: "decline" } };
const input = [{ type: "text" as const, text: "hi", text_elements: [] }];

describe("a turn is known to be this client's", () => {
  it("by its message, when codex.request() has started it and the answer was lost", async () => {
    const { server, codex, clientIdOf } = await client();
    const starting = codex.request("turn/start", { threadId: "t1", input }).catch(() => {});
    (await server.request("turn/start")).respond({});
    await starting;
    server.notify(...turnStarted("t1", "u1"));
    const item = said(clientIdOf("turn/start"));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
    expect(await server.ask(...ask("u1"))).toMatchObject(declined);
    await codex.close();
  });

  it("by its message, even if codex.request() has queued it on a thread without a handle", async () => {
    const { server, codex } = await client();
    server.answer("thread/queue/add", () => ({ queuedSubmission: { id: "q" } }));
    const message = { threadId: "t2", input, clientUserMessageId: "q1" };
    await codex.request("thread/queue/add", message);
    server.notify(...turnStarted("t2", "u1"));
    server.notify("item/started", { threadId: "t2", turnId: "u1", item: said("q1") });
    server.notify("item/started", { threadId: "t2", turnId: "u1", item: change });
    const asked = server.ask(FILE, { threadId: "t2", turnId: "u1", itemId: "i1" });
    expect(await isAnsweredSoon(asked)).toBe(true);
    await codex.close();
  });

  it("by its message, even if many more wait in the server's queue", async () => {
    const { server, codex } = await client();
    server.answer("thread/queue/add", () => ({ queuedSubmission: { id: "q" } }));
    const ids = Array.from({ length: 100 }, (_, index) => `q${index}`);
    const add = (clientUserMessageId: string) =>
      codex.request("thread/queue/add", { threadId: "t1", input, clientUserMessageId });
    await Promise.all(ids.map(add));
    server.notify(...turnStarted("t1", "u1"));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("q0") });
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
    expect(await server.ask(...ask("u1"))).toMatchObject(declined);
    await codex.close();
  });

  it("by the server's list, if its beginning was missed", async () => {
    const { server, codex, clientIdOf } = await client();
    const adding = codex.request("thread/queue/add", {
      ...{ threadId: "t1", input, clientUserMessageId: "q1" },
    });
    (await server.request("thread/queue/add")).respond({ queuedSubmission: { id: "q" } });
    await adding;
    expect(clientIdOf("thread/queue/add")).toBe("q1");
    server.answer("thread/turns/list", () =>
      listOf({ id: "u1", status: "inProgress", items: [said("q1")] }),
    );
    server.disconnect();
    await expect.poll(() => server.received.map(({ method }) => method)).toContain("thread/resume");
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
    expect(await server.ask(...ask("u1"))).toMatchObject(declined);
    await codex.close();
  });

  it("and another client's by the same list, which then answers", async () => {
    const { server, codex } = await client();
    const listed: FakeRequest[] = [];
    server.answer("thread/turns/list", (_params, request) => void listed.push(request));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
    let isAnswered = false;
    server.ask(...ask("u1")).then(() => {
      isAnswered = true;
    });
    await expect.poll(() => listed.length).toBe(1);
    listed[0]?.respond(listOf({ id: "u1", status: "inProgress", items: [said("another's")] }));
    for (let count = 0; count < 5; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    expect(listed).toHaveLength(1);
    await codex.close();
  });
});

it("leaves a turn to another client if its message was missed after its start", async () => {
  const { server, codex } = await client({ approvals: "accept" });
  const theirs = { id: "u1", status: "inProgress", items: [said("another's")] };
  server.notify(...turnStarted("t1", "u1"));
  server.answer("thread/turns/list", () => listOf(theirs));
  server.disconnect();
  await expect.poll(() => server.received.map(({ method }) => method)).toContain("thread/resume");
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
  expect(await isAnsweredSoon(server.ask(...ask("u1")))).toBe(false);
  await codex.close();
});

it.each([
  ["left to another client", false, ["another's", "own"]],
  ["this client's", true, ["own", "another's"]],
] as const)(
  "a turn whose beginning was missed after its start was answered is %s by the server's list",
  async (_, isOurs, messages) => {
    const { server, codex, thread, clientIdOf } = await client({ approvals: "accept" });
    const starting = thread.turn("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    await starting;
    server.notify(...turnStarted("t1", "u1"));
    const own = clientIdOf("turn/start");
    const items = messages.map((one) => ({ ...said(one === "own" ? own : one), id: one }));
    const listed: FakeRequest[] = [];
    server.answer("thread/turns/list", (_params, request) => void listed.push(request));
    await new Promise(setImmediate);
    server.disconnect();
    await expect.poll(() => listed.length).toBeGreaterThan(0);
    const asked = server.ask(...ask("u1"));
    expect(await isAnsweredSoon(asked)).toBe(false);
    server.answer("thread/turns/list", () => listOf({ id: "u1", status: "inProgress", items }));
    for (const one of listed) one.respond(listOf({ id: "u1", status: "inProgress", items }));
    expect(await isAnsweredSoon(asked)).toBe(isOurs);
    await codex.close();
  },
);

describe("a turn that another client's message has started is left to that client", () => {
  it.each([
    ["thread.turn()", (_codex: Codex, thread: Thread) => thread.turn("hi")],
    ["codex.request()", (codex: Codex) => codex.request("turn/start", { threadId: "t1", input })],
  ])("even if the message of a %s was merged into it", async (_name, start) => {
    const { server, codex, thread } = await client({ approvals: "accept" });
    const starting = start(codex, thread);
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    await starting;
    server.notify(...turnStarted("t1", "u1"));
    for (const item of [said("another's"), change]) {
      server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    }
    expect(await isAnsweredSoon(server.ask(...ask("u1")))).toBe(false);
    await codex.close();
  });

  it("even if that message has no id", async () => {
    const { server, codex, thread } = await client({ approvals: "accept" });
    const starting = thread.turn("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    await starting;
    server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
    for (const item of [said(null), change]) {
      server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    }
    expect(await isAnsweredSoon(server.ask(...ask("u1")))).toBe(false);
    await codex.close();
  });

  it.each(["before the turn starts", "before its message"])(
    "even if this client's shell command runs in it, %s",
    async (when) => {
      const { server, codex, thread } = await client();
      thread.shell("ls").catch(() => {});
      (await server.request("thread/shellCommand")).respond({});
      const shell = { type: "commandExecution", id: "c1", source: "userShell" };
      const runs = () =>
        server.notify("item/started", { threadId: "t1", turnId: "u1", item: shell });
      if (when === "before the turn starts") runs();
      server.notify(...turnStarted("t1", "u1"));
      if (when === "before its message") runs();
      server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("theirs") });
      server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
      expect(await isAnsweredSoon(server.ask(...ask("u1")))).toBe(false);
      await codex.close();
    },
  );

  it("even if this client expects a turn of its own shell command", async () => {
    const { server, codex, thread } = await client({ approvals: "accept" });
    thread.shell("ls").catch(() => {});
    (await server.request("thread/shellCommand")).respond({});
    server.notify(...turnStarted("t1", "u1"));
    for (const item of [said("another's"), change]) {
      server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    }
    expect(await isAnsweredSoon(server.ask(...ask("u1")))).toBe(false);
    await codex.close();
  });

  it("and so are requests of the sub-agent that it has started, after its end", async () => {
    const { server, codex, thread } = await client({ approvals: "accept" });
    const starting = thread.turn("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    const turn = await starting;
    const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
    server.notify(...turnStarted("t1", "u1"));
    for (const item of [said("another's"), said(turn.id), begun]) {
      server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    }
    server.notify(...turnCompleted("t1", "u1"));
    server.notify(...turnStarted("kid", "k1"));
    server.notify("item/started", { threadId: "kid", turnId: "k1", item: change });
    const about = { threadId: "kid", turnId: "k1", itemId: "i1" };
    expect(await isAnsweredSoon(server.ask(FILE, about))).toBe(false);
    await codex.close();
  });
});

it("answers for a turn of this client while many others are waiting to start", async () => {
  const { server, codex, thread, clientIdOf } = await client();
  const starting = thread.turn("hi");
  const started = await server.request("turn/start");
  const item = said(clientIdOf("turn/start"));
  started.respond({ turn: { id: "u1" } });
  await starting;
  for (let count = 0; count < 100; count++) thread.turn("next").catch(() => {});
  server.notify(...turnStarted("t1", "u1"));
  for (const one of [item, change]) {
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: one });
  }
  expect(await server.ask(...ask("u1"))).toMatchObject(declined);
  await codex.close();
});

describe("what is held while an older turn is being fetched", () => {
  /**
   * The end of "u1" is delayed, and a turn for the goal that it has set, which sends a request, has
   * started since.
   */
  async function heldGoalTurn(approvals: CodexOptions["approvals"] = "decline") {
    const { server, codex, turn } = await runningTurn({ approvals });
    const goal = { objective: "win", status: "active" };
    server.answer("thread/resume", () => {
      server.notify("thread/goal/updated", { threadId: "t1", turnId: null, goal });
      return threadIs("active");
    });
    server.notify("thread/goal/updated", { threadId: "t1", turnId: "u1", goal });
    const running = { id: "u1", status: "inProgress", items: [] };
    server.answer("thread/turns/list", () => listOf(running));
    server.disconnect();
    const listings = () =>
      server.received.filter(({ method }) => method === "thread/turns/list").length;
    await expect.poll(listings).toBe(1);
    await new Promise(setImmediate);
    const held: FakeRequest[] = [];
    server.answer("thread/turns/list", (_params, request) => void held.push(request));
    server.notify(...turnCompleted("t1", "u1"));
    await expect.poll(() => held.length).toBe(1);
    server.notify(...turnStarted("t1", "goal"));
    server.notify("item/started", { threadId: "t1", turnId: "goal", item: change });
    const answer = server.ask(...ask("goal"), "ask");
    await new Promise(setImmediate);
    return { server, codex, turn, held, answer };
  }

  it("shows whose turn it is as soon as it is delivered", async () => {
    const { server, codex, turn, held, answer } = await heldGoalTurn();
    server.answer("thread/turns/list", () => listOf());
    for (const request of held) {
      request.respond(listOf({ id: "u1", status: "completed", items: [] }));
    }
    expect(await answer).toMatchObject(declined);
    expect((await turn.run()).status).toBe("completed");
    await codex.close();
  });

  it("names sub-agents whose messages are not held", async () => {
    const items: unknown[] = [];
    const command = (_params: unknown, { item }: RequestContext) => {
      items.push(item);
      return "accept" as const;
    };
    const { server, codex } = await heldGoalTurn({ command });
    const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
    server.notify("item/started", { threadId: "t1", turnId: "goal", item: begun });
    server.notify(...turnStarted("kid", "k1"));
    const item = { type: "commandExecution", id: "c1", command: "ls", status: "inProgress" };
    server.notify("item/started", { threadId: "kid", turnId: "k1", item });
    const about = { threadId: "kid", turnId: "k1", itemId: "c1" };
    await server.ask("item/commandExecution/requestApproval", about);
    expect(items).toMatchObject([item]);
    await codex.close();
  });

  it("is not lost with the connection", async () => {
    const { server, codex, answer } = await heldGoalTurn();
    server.answer("thread/turns/list", () => listOf({ id: "u1", status: "completed", items: [] }));
    server.disconnect();
    expect(await answer).toMatchObject(declined);
    await codex.close();
  });
});
