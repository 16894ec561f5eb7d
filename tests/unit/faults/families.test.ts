import { describe, expect, it, vi } from "vitest";
import { threadsOf } from "../../../src/client/codex.ts";
import { type RequestContext, tool } from "../../../src/index.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

vi.setConfig({ testTimeout: 8_000 });

const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };
const ASK = "item/commandExecution/requestApproval";

const activity = (agentThreadId: string) => ({
  ...{ type: "subAgentActivity", id: `spawn-${agentThreadId}`, kind: "started", agentThreadId },
  agentPath: `/root/${agentThreadId}`,
});

/** A thread "t1" whose turn "u1" runs; it has a tool, and `contexts` collects the requests that its rule receives. */
async function parent() {
  const contexts: RequestContext[] = [];
  const { server, codex } = fakeClient({
    approvals: {
      command: (_params, context) => {
        contexts.push(context);
        return "accept";
      },
    },
  });
  const lookup = tool({
    name: "lookup",
    description: "Looks something up.",
    input: NOTHING,
    execute: () => "found it",
  });
  const thread = await codex.threadStart({ tools: [lookup] });
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  const spawns = (threadId: string, turnId: string, child: string) =>
    server.notify("item/started", { threadId, turnId, item: activity(child) });
  const calls = (threadId: string) =>
    server.ask("item/tool/call", {
      ...{ threadId, turnId: `u-${threadId}`, callId: `call-${threadId}` },
      ...{ namespace: null, tool: "lookup", arguments: {} },
    });
  return { server, codex, thread, turn, contexts, spawns, calls };
}

const FOUND = { result: { success: true, contentItems: [{ text: "found it" }] } };

describe("a child", () => {
  it("of a child has the first thread's tools, and asks with its own item", async () => {
    const { server, codex, contexts, spawns, calls } = await parent();
    spawns("t1", "u1", "c1");
    server.notify(...turnStarted("c1", "u-c1"));
    spawns("c1", "u-c1", "c2");
    server.notify(...turnStarted("c2", "u-c2"));
    expect(await calls("c2")).toMatchObject(FOUND);
    const item = { type: "commandExecution", id: "i1", command: "ls", status: "inProgress" };
    server.notify("item/started", { threadId: "c2", turnId: "u-c2", item });
    await server.ask(ASK, { threadId: "c2", turnId: "u-c2", itemId: "i1", command: "ls" });
    expect(contexts).toMatchObject([
      { threadId: "c2", parentThreadId: "c1", item: { id: "i1", type: "commandExecution" } },
    ]);
    await codex.close();
  });

  it("of a child whose turn begins before the item that names it works for that child", async () => {
    const { server, codex, contexts, spawns, calls } = await parent();
    spawns("t1", "u1", "c1");
    server.notify(...turnStarted("c1", "u-c1"));
    const turn = { id: "u-c2", status: "inProgress", items: [], rootTurnId: "u1" };
    server.notify("turn/started", { threadId: "c2", turn });
    spawns("c1", "u-c1", "c2");
    spawns("t1", "u1", "c2");
    expect(await calls("c2")).toMatchObject(FOUND);
    await server.ask(ASK, { threadId: "c2", turnId: "u-c2", itemId: "i1", command: "ls" });
    expect(contexts).toMatchObject([{ threadId: "c2", parentThreadId: "c1" }]);
    await codex.close();
  });

  it.each([
    ["its record names its parent", "c1", "c1"],
    [
      "it has none if its record names none: an agent can give work to any thread",
      undefined,
      undefined,
    ],
  ])("asks before the item that names it: %s", async (_what, parentThreadId, expected) => {
    const { server, codex, contexts, spawns } = await parent();
    server.answer("thread/read", ({ threadId: id }) => ({ thread: { id, parentThreadId } }));
    spawns("t1", "u1", "c1");
    server.notify(...turnStarted("c1", "u-c1"));
    const turn = { id: "u-c2", status: "inProgress", items: [], rootTurnId: "u1" };
    server.notify("turn/started", { threadId: "c2", turn });
    await server.ask(ASK, { threadId: "c2", turnId: "u-c2", itemId: "i1", command: "ls" });
    expect(contexts).toMatchObject([{ threadId: "c2", parentThreadId: expected }]);
    expect(threadsOf(codex).rootOf("c2")).toBe(expected === undefined ? "c2" : "t1");
    await codex.close();
  });

  it("whose status arrives before its parent's item has its parent's tools", async () => {
    const { server, codex, spawns, calls } = await parent();
    server.notify("thread/status/changed", { threadId: "c1", status: { type: "idle" } });
    spawns("t1", "u1", "c1");
    server.notify("thread/status/changed", { threadId: "c1", status: { type: "active" } });
    server.notify(...turnStarted("c1", "u-c1"));
    expect(await calls("c1")).toMatchObject(FOUND);
    await codex.close();
  });

  it("that was never announced is found by its record", async () => {
    const { server, codex, calls } = await parent();
    server.answer("thread/read", ({ threadId }) => ({
      thread: { id: threadId, parentThreadId: "t1", status: { type: "active" } },
    }));
    expect(await calls("c7")).toMatchObject(FOUND);
    await codex.close();
  });

  it("that claims to be its own parent, or is part of a cycle, has no parent", async () => {
    const { server, codex, spawns, calls } = await parent();
    server.answer("thread/read", ({ threadId }) => ({
      thread: { id: threadId, parentThreadId: threadId, status: { type: "active" } },
    }));
    expect(await calls("c8")).toMatchObject({ result: { success: false } });
    spawns("t1", "u1", "c1");
    server.notify(...turnStarted("c1", "u-c1"));
    spawns("c1", "u-c1", "t1");
    expect(await calls("c1")).toMatchObject(FOUND);
    await codex.close();
  });

  it("ends with the parent's turn: each is interrupted by its own id", async () => {
    const { server, codex, turn, spawns } = await parent();
    const interrupted: unknown[] = [];
    server.answer("turn/interrupt", (params) => {
      interrupted.push(params);
      const { threadId, turnId } = params as { threadId: string; turnId: string };
      setImmediate(() => server.notify(...turnCompleted(threadId, turnId, "interrupted")));
      return {};
    });
    spawns("t1", "u1", "c1");
    server.notify(...turnStarted("c1", "u-c1"));
    spawns("c1", "u-c1", "c2");
    server.notify(...turnStarted("c2", "u-c2"));
    await turn.interrupt();
    expect((await turn.run()).status).toBe("interrupted");
    expect(interrupted).toEqual([
      { threadId: "t1", turnId: "u1" },
      { threadId: "c1", turnId: "u-c1" },
      { threadId: "c2", turnId: "u-c2" },
    ]);
    await codex.close();
  });
});
