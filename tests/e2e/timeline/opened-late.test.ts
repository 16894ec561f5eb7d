import { expect, test } from "vitest";
import {
  command,
  Gate,
  patch,
  type Reply,
  reasoning,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/views.ts";
import { fromHistory, isOver, shows, stored } from "../../support/live-timelines.ts";
import { family, SUB_AGENTS, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

const says = (message: string) => (view: ThreadView) =>
  view.turns.some(({ entries }) =>
    entries.some((entry) => entry.kind === "assistant" && entry.text === message),
  );

test("a timeline that is opened in the middle of this client's turn shows what one opened before it shows", async () => {
  const gates = { first: new Gate(), second: new Gate(), third: new Gate() };
  const script = [
    reply(reasoning("I look."), text(["Let me ", gates.first, "look."]), command("echo looked")),
    patch("*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch"),
    reply(text(["And ", gates.second, "again."]), command("exit 3")),
    text(["In the ", gates.third, "end."]),
  ];
  await using scripted = await startScripted({ script, approvals: "accept" });
  const thread = await scripted.codex.threadStart();
  using early = await thread.timeline();
  const turn = await thread.turn("Do it.");
  for (const [gate, message] of [
    [gates.first, "Let me "],
    [gates.second, "And "],
    [gates.third, "In the "],
  ] as const) {
    await gate.reached;
    const shown = await shows(early, says(message));
    using late = await thread.timeline();
    expect(late.snapshot.turns).toEqual(shown.turns);
    gate.open();
  }
  using last = await thread.timeline();
  await turn.run();
  const [live, end] = [await shows(early, isOver(1)), await shows(last, isOver(1))];
  expect(end.turns).toEqual(live.turns);
});

test("a timeline that is opened while a sub-agent works shows what the sub-agent did before", async () => {
  const gate = new Gate();
  const parent: Reply[] = [spawnAgent("helper"), waitForAgents(), "All done."];
  const child: Reply[] = [reply(text("First."), command("echo one")), text(["Now ", gate, "two."])];
  const script = family(
    () => parent.shift() ?? "",
    () => child.shift() ?? "",
  );
  await using scripted = await startScripted({ script, config: SUB_AGENTS });
  const { codex } = scripted;
  const thread = await codex.threadStart();
  const turn = await thread.turn("Go.");
  await gate.reached;
  using late = await thread.timeline();
  const entriesOf = ({ agents }: ThreadView) => agents[0]?.turns[0]?.entries ?? [];
  const shown = await shows(late, (view) => entriesOf(view).length >= 2);
  expect(entriesOf(shown).slice(0, 2)).toMatchObject([{ text: "First." }, { command: "echo one" }]);
  expect(shown.agents[0]).toMatchObject({ status: "active", turns: [{ state: "running" }] });
  gate.open();
  await turn.run();
  const isDone = (view: ThreadView) =>
    isOver(1)(view) && view.agents[0]?.turns[0]?.state === "completed";
  const live = await shows(late, isDone);
  expect(stored(live)).toEqual(stored(await fromHistory(codex, thread.id)));
});
