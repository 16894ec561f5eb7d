import { expect, it } from "vitest";
import type { Turn } from "../../../src/index.ts";
import type { FakeAppServer } from "../../../src/testing/index.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, runningTurn } from "../../support/running-turn.ts";

/** "u1" has started the sub-agent "kid" and is interrupted before "kid" starts to work. */
async function stoppedParent() {
  const { server, codex, turn } = await runningTurn();
  const activity = { type: "subAgentActivity", id: "i1", kind: "started", agentThreadId: "kid" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: activity });
  const stopping = turn.interrupt();
  (await server.request("turn/interrupt")).respond({});
  await stopping;
  server.notify(...turnCompleted("t1", "u1", "interrupted"));
  return { server, codex };
}

it("a sub-agent that begins to work after its parent's turn was interrupted is interrupted, too", async () => {
  const { server, codex } = await stoppedParent();
  server.notify(...turnStarted("kid", "k1"));
  server.notify("item/started", {
    ...{ threadId: "kid", turnId: "k1" },
    item: { type: "agentMessage", id: "m1", text: "", phase: null },
  });
  const interrupt = await server.request("turn/interrupt");
  expect(interrupt.params).toEqual({ threadId: "kid", turnId: "k1" });
  interrupt.respond({});
  await codex.close();
});

it("it isn't interrupted if it works for a later turn", async () => {
  const { server, codex } = await stoppedParent();
  const turn = { id: "k1", status: "inProgress", items: [], rootTurnId: "u2" };
  server.notify("turn/started", { threadId: "kid", turn });
  server.notify("item/started", {
    ...{ threadId: "kid", turnId: "k1" },
    item: { type: "agentMessage", id: "m1", text: "", phase: null },
  });
  await new Promise(setImmediate);
  const interrupts = server.received.filter(({ method }) => method === "turn/interrupt");
  expect(interrupts).toHaveLength(1);
  await codex.close();
});

it("it isn't interrupted with a turn that has ended if it works for the next one", async () => {
  const { server, codex, turn } = await runningTurn();
  const activity = { type: "subAgentActivity", id: "i1", kind: "started", agentThreadId: "kid" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: activity });
  const follower = { id: "u2", status: "inProgress", items: [], rootTurnId: "u2" };
  const working = { id: "k1", status: "inProgress", items: [], rootTurnId: "u2" };
  server.notify("turn/started", { threadId: "kid", turn: working });
  server.answer("thread/turns/list", () => listOf(follower));
  const stopping = turn.interrupt();
  const message = "expected active turn id `u1` but found `u2`";
  (await server.request("turn/interrupt")).fail(-32600, message);
  await stopping;
  const interrupts = server.received.filter(({ method }) => method === "turn/interrupt");
  expect(interrupts).toHaveLength(1);
  await codex.close();
});

/** Another client's turn "u2", for which the turn "k1" of a sub-agent works. Returns the client's message. */
function anothersTurnWithAgent(server: FakeAppServer) {
  const theirs = { id: "u2", status: "inProgress", items: [], rootTurnId: "u2" };
  server.notify("turn/started", { threadId: "t1", turn: theirs });
  const item = { type: "userMessage", id: "m2", clientId: "another's", content: [] };
  server.notify("item/started", { threadId: "t1", turnId: "u2", item });
  const activity = { type: "subAgentActivity", id: "i1", kind: "started", agentThreadId: "kid" };
  server.notify("item/started", { threadId: "t1", turnId: "u2", item: activity });
  const working = { id: "k1", status: "inProgress", items: [], rootTurnId: "u2" };
  server.notify("turn/started", { threadId: "kid", turn: working });
  return { item };
}

it("its turn is interrupted with the other client's turn that it works for", async () => {
  const { server, codex, thread, turn } = await runningTurn();
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  const following = new Promise<Turn<undefined>>((resolve) => thread.onTurn(resolve));
  const { item } = anothersTurnWithAgent(server);
  server.notify("item/started", {
    threadId: "kid",
    turnId: "k1",
    item: { ...item, clientId: null },
  });
  server.answer("turn/interrupt", () => ({}));
  await (await following).interrupt();
  const interrupts = server.received.filter(({ method }) => method === "turn/interrupt");
  expect(interrupts.map(({ params }) => params)).toEqual([
    { threadId: "t1", turnId: "u2" },
    { threadId: "kid", turnId: "k1" },
  ]);
  await codex.close();
});

it("its turn isn't interrupted if it works for another client's turn", async () => {
  const { server, codex, thread, turn } = await runningTurn();
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  anothersTurnWithAgent(server);
  server.notify(...turnCompleted("t1", "u2"));
  const starting = thread.turn("again");
  (await server.request("turn/start")).respond({ turn: { id: "u3" } });
  const later = await starting;
  server.notify(...turnStarted("t1", "u3"));
  server.answer("turn/interrupt", () => ({}));
  await later.interrupt();
  const interrupts = server.received.filter(({ method }) => method === "turn/interrupt");
  expect(interrupts.map(({ params }) => params)).toEqual([{ threadId: "t1", turnId: "u3" }]);
  await codex.close();
});

it("its turn isn't interrupted if another client has started that turn", async () => {
  const { server, codex, turn } = await runningTurn();
  const activity = { type: "subAgentActivity", id: "i1", kind: "started", agentThreadId: "kid" };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: activity });
  server.notify(...turnStarted("kid", "k1"));
  const item = { type: "userMessage", id: "m1", clientId: "another's", content: [] };
  server.notify("item/started", { threadId: "kid", turnId: "k1", item });
  server.answer("turn/interrupt", () => ({}));
  await turn.interrupt();
  const interrupts = server.received.filter(({ method }) => method === "turn/interrupt");
  expect(interrupts).toHaveLength(1);
  await codex.close();
});
