import { describe, expect, it } from "vitest";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, runningTurn } from "../../support/running-turn.ts";
import { client, isAnsweredSoon, said } from "../../support/whose-turn.ts";

const FILE = "item/fileChange/requestApproval";
const declined = { result: { decision: "decline" } };
const input = [{ type: "text" as const, text: "hi", text_elements: [] }];

describe("a sub-agent's own sub-agent", () => {
  it("is left to the client whose turn has started the first", async () => {
    const { server, codex } = await client({ approvals: "accept" });
    const inTurn = { threadId: "t1", turnId: "u1" };
    server.answer("thread/turns/list", () => listOf());
    server.notify(...turnStarted("t1", "u1"));
    server.notify("item/started", { ...inTurn, item: said("another's") });
    const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
    server.notify("item/started", { ...inTurn, item: begun });
    server.notify(...turnStarted("kid", "k1"));
    const record = { id: "grandkid", parentThreadId: "kid", status: { type: "active" } };
    server.notify("thread/started", { thread: record });
    server.notify(...turnStarted("grandkid", "g1"));
    const params = { threadId: "grandkid", turnId: "g1", itemId: "i1", command: "ls" };
    expect(await isAnsweredSoon(server.ask("item/commandExecution/requestApproval", params))).toBe(
      false,
    );
    await codex.close();
  });
});

describe("a turn that another client has started on this client's sub-agent", () => {
  const command = "item/commandExecution/requestApproval";

  it.each([
    { whose: "the turn itself", endsFirst: false, asking: { threadId: "kid", turnId: "k2" } },
    { whose: "its sub-agent", endsFirst: true, asking: { threadId: "grandkid", turnId: "g1" } },
  ])("is left to that client: $whose asks", async ({ endsFirst, asking }) => {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    server.answer("thread/turns/list", () => listOf());
    const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: begun });
    server.notify(...turnStarted("kid", "k1"));
    const own = { threadId: "kid", turnId: "k1", itemId: "i1", command: "ls" };
    expect(await server.ask(command, own)).toMatchObject({ result: { decision: "accept" } });
    server.notify(...turnCompleted("kid", "k1"));
    server.notify(...turnStarted("kid", "k2"));
    server.notify("item/started", { threadId: "kid", turnId: "k2", item: said("another's") });
    const next = { type: "subAgentActivity", id: "a2", kind: "started", agentThreadId: "grandkid" };
    server.notify("item/started", { threadId: "kid", turnId: "k2", item: next });
    server.notify(...turnStarted("grandkid", "g1"));
    if (endsFirst) server.notify(...turnCompleted("kid", "k2"));
    expect(
      await isAnsweredSoon(server.ask(command, { ...asking, itemId: "i2", command: "ls" })),
    ).toBe(false);
    await codex.close();
  });
});

describe("a turn on this client's sub-agent", () => {
  const command = "item/commandExecution/requestApproval";
  const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
  const inKid = { threadId: "kid", turnId: "k2" };

  /** The sub-agent "kid" of this client's turn "u1" has done its work. */
  async function withKid() {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    server.answer("thread/turns/list", () => listOf());
    server.answer("thread/resume", ({ threadId }) => ({
      thread: { id: threadId, status: { type: "active" } },
    }));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: begun });
    server.notify("turn/started", { threadId: "kid", turn: turnOf("k1", "u1") });
    server.notify(...turnCompleted("kid", "k1"));
    const asks = () => {
      let isAnswered = false;
      const answer = server.ask(command, { ...inKid, itemId: "i2", command: "ls" });
      answer.then(() => {
        isAnswered = true;
      });
      return { answer, isAnswered: () => isAnswered };
    };
    return { server, codex, asks };
  }

  const turnOf = (id: string, rootTurnId: string | null, ...items: object[]) => ({
    ...{ id, rootTurnId, status: "inProgress", items },
  });

  it.each([
    ["names itself as its root", turnOf("k2", "k2", said("another's"))],
    ["has a message without an id", turnOf("k2", "k2", said(null))],
    ["names no root", turnOf("k2", null, said("another's"))],
    ["works for another client's turn", turnOf("k2", "u2", said(null))],
  ])("that began during a gap is left to the other client: it %s", async (_, turn) => {
    const { server, codex, asks } = await withKid();
    const lists: unknown[] = [];
    const ofOther = turnOf("u2", "u2", said("another's"));
    server.answer("thread/turns/list", ({ threadId }) => {
      lists.push(threadId);
      return listOf(threadId === "kid" ? turn : ofOther);
    });
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    const { isAnswered } = asks();
    await expect.poll(() => lists).toContain("kid");
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered()).toBe(false);
    await codex.close();
  });

  it.each([
    ["names this client's turn as its root", turnOf("k2", "u1", said(null))],
    ["names no root", turnOf("k2", null, said(null))],
  ])("that began during a gap is answered when the history shows that it %s", async (_, turn) => {
    const { server, codex, asks } = await withKid();
    server.answer("thread/turns/list", ({ threadId }) =>
      threadId === "kid" ? listOf(turn) : listOf(turnOf("u1", "u1", begun)),
    );
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    expect(await asks().answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it.each([
    ["a program that gives its messages no ids has started it", "k2"],
    ["another client's turn has given it to the sub-agent", "u2"],
  ])("is left to the other client: %s", async (_, rootTurnId) => {
    const { server, codex, asks } = await withKid();
    server.notify("turn/started", { threadId: "t1", turn: turnOf("u2", "u2") });
    server.notify("item/started", { threadId: "t1", turnId: "u2", item: said("another's") });
    server.notify("turn/started", { threadId: "kid", turn: turnOf("k2", rootTurnId) });
    server.notify("item/started", { ...inKid, item: said(null) });
    const { isAnswered } = asks();
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered()).toBe(false);
    await codex.close();
  });

  it("is answered if it works for a turn of this client that ended many turns ago", async () => {
    const { server, codex, asks } = await withKid();
    server.notify(...turnCompleted("t1", "u1"));
    for (let count = 1; count <= 70; count++) {
      const id = `v${count}`;
      server.notify("turn/started", { threadId: "t1", turn: turnOf(id, id) });
      server.notify(...turnCompleted("t1", id));
    }
    server.notify("turn/started", { threadId: "kid", turn: turnOf("k2", "u1") });
    expect(await asks().answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it("is answered if it works for a turn that began and ended during a gap, many turns ago", async () => {
    const { server, codex, asks } = await withKid();
    server.notify(...turnCompleted("t1", "u1"));
    const message = { threadId: "t1", input, clientUserMessageId: "q1" };
    server.answer("thread/queue/add", () => ({ queuedSubmission: { id: "q" } }));
    await codex.request("thread/queue/add", message);
    const others = [9, 8, 7, 6, 5].map((n) => turnOf(`u${n}`, `u${n}`, said("another's")));
    server.answer("thread/turns/list", ({ threadId, cursor }) => {
      if (threadId === "kid") return listOf(turnOf("k2", "u2"));
      if (cursor === "older") return listOf(turnOf("u2", "u2", said("q1")));
      return { data: others, nextCursor: "older" };
    });
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    server.notify("turn/started", { threadId: "kid", turn: turnOf("k2", "u2") });
    expect(await asks().answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it("is answered if a later turn of this client has given it to the sub-agent", async () => {
    const { server, codex, asks } = await withKid();
    server.notify(...turnCompleted("t1", "u1"));
    const starting = codex.request("turn/start", { threadId: "t1", input });
    (await server.request("turn/start")).respond({ turn: { id: "u3" } });
    await starting;
    server.notify("turn/started", { threadId: "t1", turn: turnOf("u3", "u3") });
    server.notify("turn/started", { threadId: "kid", turn: turnOf("k2", "u3") });
    server.notify("item/started", { ...inKid, item: said(null) });
    expect(await asks().answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });
});

describe("a sub-agent whose record was seen before the turn that has started it", () => {
  const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
  const askOfKid = [FILE, { threadId: "kid", turnId: "k1", itemId: "i1" }] as const;

  /** This client's message "q1" is in the server's queue, and "kid", which works for "t1", asks. */
  async function askingKid(listed: readonly object[]) {
    const { server, codex } = await client();
    const adding = codex.request("thread/queue/add", {
      ...{ threadId: "t1", input, clientUserMessageId: "q1" },
    });
    (await server.request("thread/queue/add")).respond({ queuedSubmission: { id: "q" } });
    await adding;
    server.answer("thread/read", () => ({
      thread: { id: "kid", parentThreadId: "t1", status: { type: "active" } },
    }));
    const ofKid = { id: "k1", status: "inProgress", items: [said(null)] };
    server.answer("thread/turns/list", ({ threadId }) =>
      threadId === "kid" ? listOf(ofKid) : listOf(...listed),
    );
    const answer = server.ask(...askOfKid);
    const asked = () => server.received.filter(({ method }) => method === "thread/turns/list");
    await expect.poll(() => asked().length).toBeGreaterThan(0);
    return { server, codex, answer, asked };
  }

  it("is this client's as soon as an item of its turn names it", async () => {
    const { server, codex, answer } = await askingKid([]);
    server.notify(...turnStarted("t1", "u1"));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("q1") });
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: begun });
    expect(await answer).toMatchObject(declined);
    await codex.close();
  });

  it("is this client's by the history of its parent", async () => {
    const { codex, answer } = await askingKid([
      { id: "u2", status: "inProgress", items: [said("another's"), { ...begun, id: "a2" }] },
      { id: "u1", status: "completed", items: [said("q1"), begun] },
    ]);
    expect(await answer).toMatchObject(declined);
    await codex.close();
  });

  it("is another client's by the same history", async () => {
    const { codex, answer, asked } = await askingKid([
      { id: "u1", status: "inProgress", items: [said("another's"), begun] },
    ]);
    let isAnswered = false;
    answer.then(() => {
      isAnswered = true;
    });
    // The client asks how the sub-agent's turn began, which turn started the sub-agent, and for that turn's message.
    await expect.poll(() => asked().length).toBe(3);
    for (let count = 0; count < 5; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    await codex.close();
  });
});

it("a sub-agent that works for this client is answered after a cut, if its thread has no goal", async () => {
  const { server, codex } = await runningTurn({ approvals: "accept" });
  server.answer("thread/turns/list", ({ threadId }) =>
    listOf({ id: threadId === "t1" ? "u1" : "k1", status: "inProgress", items: [] }),
  );
  const begun = { type: "subAgentActivity", id: "a1", kind: "started", agentThreadId: "kid" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: begun });
  server.notify(...turnStarted("kid", "k1"));
  const text = { type: "agentMessage", id: "i1", text: "", phase: null };
  server.notify("item/started", { threadId: "kid", turnId: "k1", item: text });
  server.answer("thread/resume", ({ threadId }) => {
    server.notify("thread/goal/cleared", { threadId });
    return { thread: { id: threadId, status: { type: "active" } } };
  });
  server.disconnect();
  await expect.poll(() => codex.status.state).toBe("ready");
  const asking = { threadId: "kid", turnId: "k1", itemId: "i2", command: "ls" };
  const answer = await server.ask("item/commandExecution/requestApproval", asking);
  expect(answer).toMatchObject({ result: { decision: "accept" } });
  await codex.close();
});
