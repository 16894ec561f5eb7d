import { expect, test } from "vitest";
import type { RequestContext } from "../../../src/index.ts";
import { command, functionCall, Gate, reply, text } from "../../../src/testing/index.ts";
import { collectWarnings, nextOf, waitsForApproval } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";

test("a goal that was reached without a connection is reported, with its turns", async () => {
  const gate = new Gate();
  await using served = await startServed([
    "hi",
    reply(text(["half ", gate, "of it"])),
    functionCall("update_goal", { status: "complete" }),
    "All of it.",
  ]);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [
    served.client({ reconnect: { initialDelayMs: 500, jitterRatio: 0 } }, relay.port),
    served.client(),
  ];
  const thread = await ours.threadStart({ config: { features: { goals: true } } });
  await thread.run("first");
  const running = thread.goal.run("do it");
  await gate.reached;
  const ended = new Promise<void>((resolve) =>
    theirs.on("turn/completed", () =>
      theirs.api.thread.goal
        .get({ threadId: thread.id })
        .then(({ goal }) => goal?.status === "complete" && resolve()),
    ),
  );
  await theirs.threadResume(thread.id);
  const back = reconnected(ours);
  relay.cut();
  gate.open();
  await Promise.all([back, ended]);
  const { goal, turns, text: answer } = await running;
  expect(goal).toMatchObject({ status: "complete", objective: "do it" });
  expect(turns.map((turn) => turn.text)).toEqual(["half of it", "All of it."]);
  expect(answer).toBe("All of it.");
});

const escaping = command("echo made", { escalate: "to see what happens" });
const asking = {
  approvalPolicy: "on-request",
  sandbox: "read-only",
  config: { features: { goals: true } },
} as const;

test("a turn of a goal that another client has set and removed during a cut is left to it", async () => {
  const gate = new Gate();
  await using served = await startServed([
    "hi",
    reply(text(["half ", gate, "of it"])),
    escaping,
    "done",
  ]);
  await using relay = await startRelay(served.port);
  const { onWarning } = collectWarnings();
  const reconnect = { initialDelayMs: 10, maxDelayMs: 10 };
  const ours = served.client({ onWarning, reconnect, approvals: "accept" }, relay.port);
  const decided = new Gate();
  const decide = async (_params: unknown, { signal }: RequestContext) => {
    await decided.wait(signal);
    return "decline" as const;
  };
  const theirs = served.client({ onWarning, approvals: { command: decide } });
  const thread = await ours.threadStart(asking);
  await thread.run("first");
  const { id: threadId } = await theirs.threadResume(thread.id);
  await thread.goal.set("do it");
  await gate.reached;
  const over = nextOf(theirs, "item/completed", ({ item }) => item.type === "commandExecution");
  relay.isOpen = false;
  relay.cut();
  await theirs.api.thread.goal.set({ threadId, objective: "theirs", status: "active" });
  gate.open();
  await decided.reached;
  await theirs.api.thread.goal.clear({ threadId });
  const back = reconnected(ours);
  relay.isOpen = true;
  await back;
  // The server repeats the request before it answers these.
  await ours.threadResume(threadId);
  for (let n = 0; n < 3; n++) await ours.request("thread/read", { threadId });
  decided.open();
  expect((await over).item).toMatchObject({ status: "declined" });
});

test("a goal's turn that asks for an approval first is answered after a cut", async () => {
  await using served = await startServed(["hi", escaping, "done"]);
  await using relay = await startRelay(served.port);
  const { onWarning } = collectWarnings();
  const reconnect = { initialDelayMs: 10, maxDelayMs: 10 };
  const ours = served.client({ onWarning, reconnect, approvals: "accept" }, relay.port);
  const theirs = served.client({ onWarning, approvals: "accept" });
  const thread = await ours.threadStart(asking);
  await thread.run("first");
  await theirs.threadResume(thread.id);
  const waiting = waitsForApproval(theirs);
  const over = nextOf(theirs, "item/completed", ({ item }) => item.type === "commandExecution");
  await thread.goal.set("do it");
  relay.isOpen = false;
  relay.cut();
  await waiting;
  relay.isOpen = true;
  // The server lists no item of the turn, so the client waits until a message would be listed.
  expect((await over).item).toMatchObject({ status: "completed" });
});
