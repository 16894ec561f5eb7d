import { expect, test } from "vitest";
import type { Codex } from "../../../src/index.ts";
import { command, Gate, reply, text } from "../../../src/testing/index.ts";
import { collectWarnings, nextOf } from "../../support/e2e.ts";
import { untilCollected } from "../../support/garbage.ts";
import { startServed } from "../../support/served.ts";

const settings = {
  approvalPolicy: "on-request",
  sandbox: "read-only",
  config: { features: { goals: true } },
} as const;

/** Sets a goal. Nothing refers to the thread's handle afterwards. */
async function setGoal(codex: Codex) {
  const thread = await codex.threadStart(settings);
  await thread.run("first");
  await thread.goal.set("do it");
  return { threadId: thread.id, handle: new WeakRef(thread) };
}

test("a client answers for the turns of its goal after the thread's handle was collected", async () => {
  const gate = new Gate();
  const escaping = command("echo made", { escalate: "to see what happens" });
  await using served = await startServed([
    "hi",
    reply(text(["half ", gate, "of it"])),
    escaping,
    "done",
  ]);
  const { onWarning } = collectWarnings();
  const ours = served.client({ onWarning, approvals: "accept" });
  const { threadId, handle } = await setGoal(ours);
  await gate.reached;
  const theirs = served.client({ onWarning });
  await theirs.threadResume(threadId);
  await untilCollected("the handle", [handle]);
  const over = nextOf(theirs, "item/completed", ({ item }) => item.type === "commandExecution");
  gate.open();
  expect((await over).item).toMatchObject({ status: "completed" });
});
