import { describe, expect, test } from "vitest";
import { Codex, type CodexOptions, type RequestContext, type Thread } from "../../../src/index.ts";
import { FakeAppServer, type FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";

const FILE = "item/fileChange/requestApproval";
const CALL = {
  ...{ type: "mcpToolCall", id: "i1", server: "files", tool: "share", status: "inProgress" },
  arguments: { path: "/tmp" },
};
const CHANGE = { type: "fileChange", id: "i1", status: "inProgress", changes: [] };
const about = { threadId: "t1", turnId: "u1" };
const idle = { thread: { id: "t1", status: { type: "idle" } } };
const active = { thread: { id: "t1", status: { type: "active" } } };

/** A client of a server that outlives its connections; `seen` collects the requests that its rule receives. */
function client(options: CodexOptions = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("thread/start", () => idle);
  server.answer("thread/resume", () => active);
  server.answer("thread/read", () => active);
  server.answer("thread/unsubscribe", () => ({ status: "unsubscribed" }));
  server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
  const seen: RequestContext[] = [];
  const fileChange = (_params: unknown, context: RequestContext) => {
    seen.push(context);
    return "accept" as const;
  };
  const codex = new Codex({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1 },
    approvals: { fileChange },
    onWarning: () => {},
    ...options,
  });
  return { server, codex, seen };
}

const accepted = { decision: "accept" };

describe("the item of an approval is known", () => {
  test("when it arrived while an earlier part of the turn was being fetched", async () => {
    const { server, codex, seen } = client();
    const turn = await (await codex.threadStart()).turn("go");
    turn.run().catch(() => {});
    server.notify(...turnStarted("t1", "u1"));
    server.disconnect();
    // The client waits for its answer.
    await server.request("thread/turns/list");
    server.notify("item/started", { ...about, item: CHANGE });
    expect((await server.ask(FILE, { ...about, itemId: "i1" })).result).toEqual(accepted);
    expect(seen[0]).toEqual({
      ...{
        method: FILE,
        item: CHANGE,
        threadId: "t1",
        parentThreadId: undefined,
        exactNumbers: true,
        fileWarnings: [],
      },
      signal: expect.any(AbortSignal),
    });
    await codex.close();
  });

  test("when the turn's caller has given up", async () => {
    const { server, codex, seen } = client();
    const controller = new AbortController();
    const running = (await codex.threadStart()).run("go", { signal: controller.signal });
    await expect.poll(() => server.received.map(({ method }) => method)).toContain("turn/start");
    server.notify(...turnStarted("t1", "u1"));
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    server.notify("item/started", { ...about, item: CHANGE });
    expect((await server.ask(FILE, { ...about, itemId: "i1" })).result).toEqual(accepted);
    expect(seen[0]?.item).toEqual(CHANGE);
    await codex.close();
  });

  test("when the thread was unsubscribed and resumed during the turn, which is still this client's", async () => {
    const { server, codex, seen } = client({ approvals: "accept" });
    const thread = await codex.threadStart();
    const running = (await thread.turn("go")).run().catch((error: Error) => error);
    server.notify(...turnStarted("t1", "u1"));
    await thread.unsubscribe();
    expect(String(await running)).toContain("unsubscribed");
    await codex.threadResume("t1");
    server.notify("item/started", { ...about, item: CALL });
    const { result } = await server.ask("mcpServer/elicitation/request", {
      ...{ ...about, serverName: "files", mode: "form" },
      message: 'Allow the files MCP server to run tool "share"?',
      requestedSchema: { type: "object", properties: {} },
      _meta: { codex_approval_kind: "mcp_tool_call", tool_params: { path: "/tmp" } },
    });
    expect(result).toMatchObject({ action: "accept" });
    expect(seen).toEqual([]);
    await codex.close();
  });
});

const APPROVAL = {
  ...{ ...about, serverName: "files", mode: "form" },
  message: 'Allow the files MCP server to run tool "share"?',
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_params: { path: "/tmp" } },
};
const accepts = {
  "mcpServer/elicitation/request": () => ({ action: "accept" as const, content: {}, _meta: null }),
};

/** The server asks for an approval, and in the same chunk confirms that the thread is unsubscribed. */
async function asksAndLeaves(server: FakeAppServer, thread: Thread) {
  const asked: FakeRequest[] = [];
  server.answer("thread/unsubscribe", (_params, request) => void asked.push(request));
  const leaving = thread.unsubscribe();
  await expect.poll(() => asked.length).toBe(1);
  const answer = server.ask("mcpServer/elicitation/request", APPROVAL, "ask");
  asked[0]?.respond({ status: "unsubscribed" });
  return { leaving, answer };
}

describe("the approval of a tool call isn't a question for a handler", () => {
  test("when the same chunk then ends the turn in the client", async () => {
    const { server, codex } = client({ approvals: "decline", handlers: accepts });
    const thread = await codex.threadStart();
    const running = (await thread.turn("go")).run().catch(() => {});
    server.notify(...turnStarted("t1", "u1"));
    server.notify("item/started", { ...about, item: CALL });
    const { leaving, answer } = await asksAndLeaves(server, thread);
    expect((await answer).result).toMatchObject({ action: "decline" });
    await Promise.all([leaving, running]);
    await codex.close();
  });

  test("when the same chunk then unsubscribes from the turn that this client's queued message started", async () => {
    const { server, codex } = client({ approvals: "decline", handlers: accepts });
    server.answer("thread/queue/add", () => ({ queuedSubmission: { id: "q1" } }));
    const thread = await codex.threadStart();
    const params = { threadId: "t1", input: [], clientUserMessageId: "mine" };
    await codex.request("thread/queue/add", params);
    server.notify(...turnStarted("t1", "u1"));
    const message = { type: "userMessage", id: "i0", clientId: "mine", content: [] };
    server.notify("item/started", { ...about, item: message });
    server.notify("item/completed", { ...about, item: message });
    server.notify("item/started", { ...about, item: CALL });
    const { leaving, answer } = await asksAndLeaves(server, thread);
    expect((await answer).result).toMatchObject({ action: "decline" });
    await leaving;
    await codex.close();
  });

  test("when nothing is known about the call", async () => {
    const { server, codex } = client({ approvals: "accept", handlers: accepts });
    await (await codex.threadStart()).turn("go");
    server.notify(...turnStarted("t1", "u1"));
    const { result } = await server.ask("mcpServer/elicitation/request", APPROVAL);
    expect(result).toMatchObject({ action: "decline" });
    const question = { ...about, serverName: "files", mode: "form", message: "Well?" };
    const asked = await server.ask("mcpServer/elicitation/request", question);
    expect(asked.result).toMatchObject({ action: "accept" });
    await codex.close();
  });
});

test("an elicitation that only names a tool call isn't an approval of it", async () => {
  const { server, codex } = client({ approvals: "accept" });
  await (await codex.threadStart()).turn("go");
  server.notify(...turnStarted("t1", "u1"));
  server.notify("item/started", { ...about, item: CALL });
  const params = { ...about, itemId: "i1", serverName: "files", mode: "form", message: "Well?" };
  const { error } = await server.ask("mcpServer/elicitation/request", params);
  expect(error).toMatchObject({ code: -32601 });
  await codex.close();
});

test("a request that was left to others is answered when its turn turns out to be this client's", async () => {
  const { server, codex } = client({ approvals: "decline" });
  const thread = await codex.threadStart();
  server.answer("turn/start", () => undefined);
  const starting = thread.turn("go");
  await expect.poll(() => server.received.map(({ method }) => method)).toContain("turn/start");
  server.disconnect();
  // The client asks whether its turn has started.
  const list = await server.request("thread/turns/list");
  server.notify("item/started", { ...about, item: CHANGE });
  const answer = server.ask(FILE, { ...about, itemId: "i1" }, "early");
  await new Promise(setImmediate);
  expect(server.received.filter(({ id, method }) => id === "early" && !method)).toEqual([]);
  const sent = server.received.find(({ method }) => method === "turn/start");
  const clientId = (sent?.params as { clientUserMessageId?: string } | undefined)
    ?.clientUserMessageId;
  const message = { type: "userMessage", id: "m1", clientId, content: [] };
  list.respond({ data: [{ id: "u1", status: "inProgress", items: [message] }], nextCursor: null });
  expect((await answer).result).toEqual({ decision: "decline" });
  expect((await starting).id).toBe("u1");
  await codex.close();
});

test("a connection that is lost while the item is looked up leaves no rule without it", async () => {
  const { server, codex, seen } = client();
  await codex.threadStart();
  const looksUp: FakeRequest[] = [];
  server.answer("thread/resume", ({ excludeTurns }, request) =>
    excludeTurns ? active : void looksUp.push(request),
  );
  const request = { id: "r1", method: FILE, params: { ...about, itemId: "i1" } };
  server.send(request);
  await expect.poll(() => looksUp.length).toBe(1);
  server.disconnect();
  await expect.poll(() => codex.status.state).toBe("ready");
  server.send(request);
  await expect.poll(() => looksUp.length, { timeout: 10_000 }).toBe(2);
  const turns = [{ id: "u1", status: "inProgress", items: [CHANGE] }];
  looksUp[1]?.respond({ thread: { id: "t1", status: { type: "active" }, turns } });
  const answer = await server.message(({ id, method }) => id === "r1" && method === undefined);
  expect(answer.result).toEqual(accepted);
  expect(seen[0]?.item).toEqual(CHANGE);
  await codex.close();
});

test("a request is answered when its turn turns out to be this client's while its item is looked up", async () => {
  const { server, codex } = client({ approvals: { command: () => "accept" } });
  server.answer("thread/turns/list", () => ({ data: [] }));
  const looksUp: FakeRequest[] = [];
  server.answer("thread/resume", (_params, request) => void looksUp.push(request));
  const starts: FakeRequest[] = [];
  server.answer("turn/start", (_params, request) => void starts.push(request));
  const starting = (await codex.threadStart()).turn("go");
  await expect.poll(() => starts.length).toBe(1);
  const answer = server.ask(FILE, { ...about, itemId: "i1" });
  await expect.poll(() => looksUp.length).toBe(1);
  server.notify(...turnStarted("t1", "u1"));
  starts[0]?.respond({ turn: { id: "u1", status: "inProgress", items: [] } });
  await starting;
  looksUp[0]?.respond(active);
  expect((await answer).result).toEqual({ decision: "decline" });
  await codex.close();
});

/** The turn "u2" of a sub-agent, which its parent has started. */
const ofAgent = {
  id: "u2",
  status: "inProgress",
  items: [{ type: "userMessage", id: "m2", clientId: null, content: [] }],
};

describe("a request of a thread whose owner the server doesn't report", () => {
  const COMMAND = "item/commandExecution/requestApproval";
  const asked = { threadId: "c1", turnId: "u2", itemId: "i1", command: "rm -rf x" };

  /** A running turn "u1" of a client that accepts everything; `read` counts the attempts to find the thread. */
  async function unclear() {
    const { server, codex } = client({ approvals: "accept" });
    let reads = 0;
    let fails = true;
    server.answer("thread/read", ({ threadId }) => {
      reads++;
      if (fails) throw new Error("database is locked");
      return { thread: { id: threadId, parentThreadId: "t1", status: { type: "active" } } };
    });
    server.answer("thread/turns/list", ({ threadId }) => ({
      data: threadId === "c1" ? [{ ...ofAgent, rootTurnId: "u1" }] : [],
    }));
    const turn = await (await codex.threadStart()).turn("go");
    turn.run().catch(() => {});
    server.notify(...turnStarted("t1", "u1"));
    const answer = server.ask(COMMAND, asked);
    await expect.poll(() => reads).toBeGreaterThan(1);
    const works = () => {
      fails = false;
    };
    return { server, codex, answer, works };
  }

  test("isn't accepted, but left to others", async () => {
    const { server, codex, answer } = await unclear();
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    server.answer("model/list", () => ({ data: [] }));
    await codex.request("model/list", {});
    expect(isAnswered).toBe(false);
    await codex.close();
  });

  test("is answered once the thread proves to be this client's sub-agent", async () => {
    const { codex, answer, works } = await unclear();
    works();
    expect((await answer).result).toEqual(accepted);
    await codex.close();
  });
});

describe("a sub-agent that another client's earlier turn has left at work", () => {
  const COMMAND = "item/commandExecution/requestApproval";
  const asked = { threadId: "c1", turnId: "u2", itemId: "i1", command: "rm -rf x" };
  const spawned = { type: "subAgentActivity", id: "s1", kind: "started", agentThreadId: "c1" };
  const message = { type: "userMessage", id: "m1", clientId: "of another client", content: [] };

  /** This client's turn "u1" runs on "t1", and it accepts everything. */
  async function ownTurn(server: FakeAppServer, codex: Codex) {
    const turn = await (await codex.threadStart()).turn("go");
    turn.run().catch(() => {});
    server.notify(...turnStarted("t1", "u1"));
  }

  async function isAnswered(server: FakeAppServer, codex: Codex): Promise<boolean> {
    let answered = false;
    void server.ask(COMMAND, asked).then(() => {
      answered = true;
    });
    server.answer("model/list", () => ({ data: [] }));
    for (let n = 0; n < 5; n++) await codex.request("model/list", {});
    await codex.close();
    return answered;
  }

  test.each([
    ["another's", "u0", false],
    ["its own", "u1", true],
  ])("is %s by the history", async (_, turnId, isOurs) => {
    const { server, codex } = client({ approvals: "accept" });
    server.answer("thread/read", ({ threadId }) => ({
      thread: { id: threadId, parentThreadId: "t1", status: { type: "active" } },
    }));
    server.answer("thread/turns/list", ({ threadId }) => ({
      data:
        threadId === "t1"
          ? [{ id: turnId, status: "completed", items: [message, spawned] }]
          : [ofAgent],
    }));
    await ownTurn(server, codex);
    expect(await isAnswered(server, codex)).toBe(isOurs);
  });

  test("is left to others while the server fails to list the turns", async () => {
    const { server, codex } = client({ approvals: "accept" });
    server.answer("thread/read", ({ threadId }) => ({
      thread: { id: threadId, parentThreadId: "t1", status: { type: "active" } },
    }));
    let fails = true;
    server.answer("thread/turns/list", ({ threadId }, { respond, fail }) => {
      if (fails) return fail(-32603, "database is locked");
      const turn = { id: "u1", status: "inProgress", items: [spawned] };
      return respond({ data: [threadId === "t1" ? turn : ofAgent] });
    });
    await ownTurn(server, codex);
    let isAnswered = false;
    const answer = server.ask(COMMAND, asked).finally(() => {
      isAnswered = true;
    });
    const lists = () => server.received.filter(({ method }) => method === "thread/turns/list");
    await expect.poll(() => lists().length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(isAnswered).toBe(false);
    fails = false;
    expect((await answer).result).toEqual(accepted);
    await codex.close();
  });

  test("belongs to another client if the item that names its turn arrives after its record", async () => {
    const { server, codex } = client({ approvals: "accept" });
    server.answer("thread/turns/list", () => ({ data: [] }));
    await codex.threadStart();
    server.notify(...turnStarted("t1", "u0"));
    server.notify("item/started", { threadId: "t1", turnId: "u0", item: message });
    server.notify("thread/started", {
      thread: { id: "c1", parentThreadId: "t1", status: { type: "active" } },
    });
    server.notify("item/started", { threadId: "t1", turnId: "u0", item: spawned });
    server.notify(...turnCompleted("t1", "u0"));
    await ownTurn(server, codex);
    expect(await isAnswered(server, codex)).toBe(false);
  });
});
