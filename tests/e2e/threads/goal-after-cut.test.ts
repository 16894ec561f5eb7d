import { expect, test } from "vitest";
import { functionCall, Gate, reply, text } from "../../../src/testing/index.ts";
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
