import { describe, expect, it, vi } from "vitest";
import type { RequestContext } from "../../../src/index.ts";
import { turnStarted } from "../../support/fake.ts";
import { listOf, runningTurn } from "../../support/running-turn.ts";

vi.setConfig({ testTimeout: 5_000 });

const ASK = "item/commandExecution/requestApproval";
const started = { id: "u1", status: "inProgress", items: [] };
const command = { type: "commandExecution", id: "i1", command: "ls", status: "inProgress" };

/** A turn with a sub-agent "c1"; the rule collects the requests that it receives. */
async function family() {
  const contexts: RequestContext[] = [];
  const fake = await runningTurn({
    approvals: {
      command: (_params, context) => {
        contexts.push(context);
        return "accept";
      },
    },
  });
  const { server } = fake;
  const spawned = { type: "subAgentActivity", id: "s1", kind: "started", agentThreadId: "c1" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: spawned });
  server.notify("thread/status/changed", { threadId: "c1", status: { type: "active" } });
  server.notify(...turnStarted("c1", "u-c1"));
  return { ...fake, contexts };
}

describe("an item that was announced before a cut is passed to the rule for an approval after the cut", () => {
  it.each([
    ["of this program's turn", "t1", "u1"],
    ["of its sub-agent", "c1", "u-c1"],
  ])("%s", async (_what, threadId, turnId) => {
    const { server, codex, contexts } = await family();
    server.notify("item/started", { threadId, turnId, item: command });
    server.answer("thread/resume", (params) => {
      const thread = { id: params.threadId, status: { type: "active" } };
      // The request follows the response immediately, as with the real server.
      if (params.threadId === threadId) {
        queueMicrotask(() =>
          server.send({ id: 7, method: ASK, params: { threadId, turnId, itemId: "i1" } }),
        );
      }
      return { thread };
    });
    server.answer("thread/turns/list", () => listOf(started));
    server.disconnect();
    const answer = await server.message((one) => one.id === 7 && one.method === undefined);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    expect(contexts).toMatchObject([{ threadId, item: { id: "i1", type: "commandExecution" } }]);
    await codex.close();
  });
});

describe("an item that is announced while the thread is caught up with is there for its approval", () => {
  it.each([
    ["of this program's turn", "t1", "u1"],
    ["of its sub-agent", "c1", "u-c1"],
  ])("%s", async (_what, threadId, turnId) => {
    const { server, codex, contexts } = await family();
    server.answer("thread/resume", (params) => {
      if (params.threadId === threadId) {
        queueMicrotask(() => {
          server.notify("item/started", { threadId, turnId, item: command });
          server.send({ id: 7, method: ASK, params: { threadId, turnId, itemId: "i1" } });
        });
      }
      return { thread: { id: params.threadId, status: { type: "active" } } };
    });
    server.disconnect();
    const listing = await server.request("thread/turns/list");
    await new Promise(setImmediate);
    listing.respond(listOf(started));
    const answer = await server.message((one) => one.id === 7 && one.method === undefined);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    expect(contexts).toMatchObject([{ threadId, item: { id: "i1", type: "commandExecution" } }]);
    await codex.close();
  });
});

it("an item that starts while the thread is caught up with is in the result of the interrupted turn", async () => {
  const { server, codex, turn } = await runningTurn();
  server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.disconnect();
  const list = await server.request("thread/turns/list");
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: command });
  const said = { type: "userMessage", id: "i0", content: [] };
  list.respond(listOf({ id: "u1", status: "interrupted", items: [said], completedAt: 5 }));
  const { items, status } = await turn.run();
  expect([status, items.map(({ id }) => id)]).toEqual(["interrupted", ["i0", "i1"]]);
  await codex.close();
});

/** A turn whose message this client misses, and in which it then sees an answer, a message and another answer. */
async function seenFromItsMiddle() {
  const fake = await runningTurn();
  const { server } = fake;
  const start = server.received.find(({ method }) => method === "turn/start");
  const clientId = (start?.params as { clientUserMessageId?: string })?.clientUserMessageId;
  const items = [
    { type: "userMessage", id: "item-1", clientId, content: [{ type: "text", text: "hi" }] },
    { type: "agentMessage", id: "item-2", text: "one", phase: null },
    {
      type: "userMessage",
      id: "item-3",
      clientId: "added",
      content: [{ type: "text", text: "more" }],
    },
    { type: "agentMessage", id: "item-4", text: "two", phase: null },
  ];
  server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "active" } } }));
  server.disconnect();
  const list = await server.request("thread/turns/list");
  server.answer("thread/turns/list", () =>
    listOf({ ...started, status: "completed", items, completedAt: 5 }),
  );
  list.respond(listOf(started));
  for (const item of items.slice(1)) {
    server.notify("item/completed", {
      threadId: "t1",
      turnId: "u1",
      item: { ...item, id: `live-${item.id}` },
    });
  }
  return fake;
}

it("a turn whose message was missed counts as its answer, even if a later message was seen first", async () => {
  const { server, codex, turn } = await seenFromItsMiddle();
  server.notify("turn/completed", { threadId: "t1", turn: { ...started, status: "completed" } });
  const { items, status, text } = await turn.run();
  expect([status, text]).toEqual(["completed", "two"]);
  expect(items.map(({ id }) => id)).toEqual([
    "item-1",
    "live-item-2",
    "live-item-3",
    "live-item-4",
  ]);
  await codex.close();
});
