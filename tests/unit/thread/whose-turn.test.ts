import { describe, expect, it } from "vitest";
import { Codex, type CodexOptions, type RequestContext } from "../../../src/index.ts";
import { FakeAppServer, type FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";

const FILE = "item/fileChange/requestApproval";
const declined = { result: { decision: "decline" } };
const change = { type: "fileChange", id: "i1", status: "inProgress", changes: [] };
const ask = (turnId: string) => [FILE, { threadId: "t1", turnId, itemId: "i1" }] as const;
const input = [{ type: "text" as const, text: "hi", text_elements: [] }];

/** A client of a server that others may use, too, with its thread "t1". */
async function client(options: CodexOptions = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("thread/start", () => threadIs("idle"));
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/read", () => threadIs("active"));
  const codex = new Codex({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1, jitterRatio: 0 },
    turnIdleMs: 0,
    approvals: "decline",
    onWarning: () => {},
    ...options,
  });
  const thread = await codex.threadStart();
  const clientIdOf = (method: string) => {
    const sent = server.received.findLast((message) => message.method === method);
    return (sent?.params as { clientUserMessageId?: string } | undefined)?.clientUserMessageId;
  };
  return { server, codex, thread, clientIdOf };
}

const said = (clientId: string | null | undefined) => ({
  ...{ type: "userMessage", id: "m1", clientId, content: [] },
});

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
    let isAnswered = false;
    const params = { threadId: "grandkid", turnId: "g1", itemId: "i1", command: "ls", cwd: "/" };
    server.ask("item/commandExecution/requestApproval", params).then(() => {
      isAnswered = true;
    });
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
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
    const own = { threadId: "kid", turnId: "k1", itemId: "i1", command: "ls", cwd: "/" };
    expect(await server.ask(command, own)).toMatchObject({ result: { decision: "accept" } });
    server.notify(...turnCompleted("kid", "k1"));
    server.notify(...turnStarted("kid", "k2"));
    server.notify("item/started", { threadId: "kid", turnId: "k2", item: said("another's") });
    const next = { type: "subAgentActivity", id: "a2", kind: "started", agentThreadId: "grandkid" };
    server.notify("item/started", { threadId: "kid", turnId: "k2", item: next });
    server.notify(...turnStarted("grandkid", "g1"));
    if (endsFirst) server.notify(...turnCompleted("kid", "k2"));
    let isAnswered = false;
    server.ask(command, { ...asking, itemId: "i2", command: "ls", cwd: "/" }).then(() => {
      isAnswered = true;
    });
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
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
      const answer = server.ask(command, { ...inKid, itemId: "i2", command: "ls", cwd: "/" });
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

describe("a turn without a client's message", () => {
  const byGoal = (rootTurnId: string | null) => ({ id: "g1", rootTurnId, status: "inProgress" });
  const setBy = (turnId: string | null, objective = "win") => {
    return { threadId: "t1", turnId, goal: { objective, status: "active" } };
  };

  type Scene = Awaited<ReturnType<typeof client>>;
  const goalIs = async (
    { server, codex }: Scene,
    params: object,
    objective: string,
    status = "active",
  ) => {
    const setting = codex.request("thread/goal/set", { threadId: "t1", ...params });
    const goal = { objective, status };
    (await server.request("thread/goal/set")).respond({ goal });
    await setting;
  };
  const runsTurn = async ({ server, codex }: Scene, id: string) => {
    const starting = codex.request("turn/start", { threadId: "t1", input });
    (await server.request("turn/start")).respond({ turn: { id } });
    await starting;
    server.notify("turn/started", { threadId: "t1", turn: { id, rootTurnId: id } });
  };

  /** Whether a request of the turn "g1" is accepted, by what was seen before. */
  async function isAccepted(
    rootTurnId: string | null,
    before: (scene: Scene) => Promise<void> | void,
    item: object = change,
  ) {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    server.answer("thread/turns/list", () => listOf());
    await before(scene);
    server.notify("turn/started", { threadId: "t1", turn: byGoal(rootTurnId) });
    server.notify("item/started", { threadId: "t1", turnId: "g1", item });
    let isAnswered = false;
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls", cwd: "/" };
    server.ask("item/commandExecution/requestApproval", params).then(() => {
      isAnswered = true;
    });
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    await codex.close();
    return isAnswered;
  }

  it.each<[string, string | null, (scene: Scene) => Promise<void> | void]>([
    ["this client's goal", "g1", (scene) => goalIs(scene, { objective: "win" }, "win")],
    ["this client's goal, on an older server", null, (s) => goalIs(s, { objective: "win" }, "win")],
    [
      "a goal that this client has resumed",
      "g1",
      async (scene) => {
        scene.server.notify("thread/goal/updated", setBy(null));
        await goalIs(scene, { status: "active" }, "win");
      },
    ],
    [
      "a goal that the agent has set in a turn of this client",
      null,
      async (scene) => {
        await runsTurn(scene, "u1");
        scene.server.notify("thread/goal/updated", setBy("u1"));
        scene.server.notify(...turnCompleted("t1", "u1"));
      },
    ],
    [
      "a turn of this client, which it names as its root",
      "u1",
      async (scene) => {
        await runsTurn(scene, "u1");
        scene.server.notify(...turnCompleted("t1", "u1"));
      },
    ],
  ])("is this client's if it works for %s", async (_, rootTurnId, before) => {
    expect(await isAccepted(rootTurnId, before)).toBe(true);
  });

  it.each<[string, string | null, (scene: Scene) => Promise<void> | void]>([
    [
      "another client has set its goal",
      "g1",
      ({ server }) => {
        server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "the same, on an older server",
      null,
      ({ server }) => {
        server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "another client has replaced this client's goal",
      "g1",
      async (scene) => {
        await goalIs(scene, { objective: "win" }, "win");
        scene.server.notify("thread/goal/updated", setBy(null, "lose"));
      },
    ],
    [
      "the agent has set its goal in another client's turn",
      "u1",
      ({ server }) => {
        server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
        server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("another's") });
        server.notify("thread/goal/updated", setBy("u1"));
        server.notify(...turnCompleted("t1", "u1"));
      },
    ],
    [
      "this client has only paused that client's goal",
      "g1",
      async (scene) => {
        scene.server.notify("thread/goal/updated", setBy(null));
        await goalIs(scene, { status: "paused" }, "win", "paused");
        scene.server.notify("thread/goal/updated", setBy(null));
      },
    ],
    ["nothing shows who has set its goal", "g1", () => {}],
  ])("is another client's if %s", async (_, rootTurnId, before) => {
    expect(await isAccepted(rootTurnId, before)).toBe(false);
  });

  it("is answered once this client resumes the goal that it has set in an earlier process", async () => {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    server.answer("thread/turns/list", () => listOf());
    server.notify("thread/goal/updated", setBy(null));
    server.notify("turn/started", { threadId: "t1", turn: byGoal("g1") });
    server.notify("item/started", { threadId: "t1", turnId: "g1", item: change });
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls", cwd: "/" };
    let isAnswered = false;
    const answer = server.ask("item/commandExecution/requestApproval", params);
    answer.then(() => {
      isAnswered = true;
    });
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    await goalIs(scene, { status: "active" }, "win");
    expect(await answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it.each([
    ["this client's", true, async (scene: Scene) => await runsTurn(scene, "u1")],
    [
      "another client's",
      false,
      async ({ server }: Scene) => {
        server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
        server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("another's") });
      },
    ],
  ] as const)(
    "is %s if a sub-agent of that client's turn gives work back",
    async (_, is, begin) => {
      const before = async (scene: Scene) => {
        await begin(scene);
        scene.server.notify(...turnCompleted("t1", "u1"));
      };
      expect(await isAccepted("u1", before, said(null))).toBe(is);
    },
  );

  it("is this client's if the history shows that a sub-agent of its turn has given work back", async () => {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    server.answer("thread/resume", () => threadIs("active"));
    const items = [said(null)];
    const given = { id: "g1", rootTurnId: "u1", status: "inProgress", items };
    const ended = { id: "u1", rootTurnId: "u1", status: "completed", items: [] };
    server.answer("thread/turns/list", () => listOf(given, ended));
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls", cwd: "/" };
    const answer = await server.ask("item/commandExecution/requestApproval", params);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it("is another client's if that client has started it with a tool's output", async () => {
    const output = { type: "functionCallOutput", id: "o1", name: "lookup", output: "done" };
    const before = (scene: Scene) => goalIs(scene, { objective: "win" }, "win");
    expect(await isAccepted("g1", before, output)).toBe(false);
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
  let isAnswered = false;
  server.ask(...ask("u1")).then(() => {
    isAnswered = true;
  });
  for (let count = 0; count < 20; count++) await new Promise(setImmediate);
  expect(isAnswered).toBe(false);
  await codex.close();
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
    // For how its turn began, for the turn that has started it, and for that turn's message.
    await expect.poll(() => asked().length).toBe(3);
    for (let count = 0; count < 5; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    await codex.close();
  });
});

describe("what is held while an older turn is being fetched", () => {
  /**
   * The end of "u1" is delayed, and a turn for the goal that it has set, which sends a request, has
   * started since.
   */
  async function heldGoalTurn(approvals: CodexOptions["approvals"] = "decline") {
    const { server, codex, turn } = await runningTurn({ approvals });
    server.answer("thread/resume", () => threadIs("active"));
    const goal = { objective: "win", status: "active" };
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
