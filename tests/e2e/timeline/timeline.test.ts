import { expect, test } from "vitest";
import { Gate, reply, text, usage } from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/views.ts";
import { sharedServer } from "../../support/e2e.ts";
import { isOver, shows } from "../../support/live-timelines.ts";

const server = sharedServer();

test("a timeline has the thread's name, model, tokens, context and goal", async () => {
  const { codex, model } = server;
  model.enqueue(
    reply("one", usage({ inputTokens: 100, outputTokens: 20 })),
    reply("two", usage({ inputTokens: 130, outputTokens: 10 })),
  );
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  await thread.run("first");
  await thread.run("second");
  await thread.setName("A name");
  const objective = "win";
  await codex.request("thread/goal/set", { threadId: thread.id, objective, status: "paused" });
  const isInformed = ({ goal, name, preview }: ThreadView) => !!goal && !!name && preview !== "";
  const view = await shows(timeline, isInformed);
  expect(view).toMatchObject({
    ...{ name: "A name", preview: "first", model: "gpt-5.5", status: "idle", hasOlder: false },
    ...{ goal: { objective, status: "paused" }, usage: { totalTokens: 260 } },
    context: { used: 140, window: expect.any(Number) },
    turns: [{ usage: { totalTokens: 120 } }, { usage: { totalTokens: 140, outputTokens: 10 } }],
  });
  using second = await thread.timeline();
  expect(second.snapshot).toMatchObject({ name: "A name", preview: "first", goal: { objective } });
});

test("text appears as it is streamed, and the streamed text of an interrupted message is kept", async () => {
  const { codex, model } = server;
  const gate = new Gate();
  model.enqueue(text(["par", "tial", gate, "never"]));
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  const turn = await thread.turn("go");
  const last = () => timeline.snapshot.turns.at(-1)?.entries.at(-1);
  await shows(timeline, () => {
    const entry = last();
    return entry?.kind === "assistant" && entry.text === "partial";
  });
  expect(last()).toMatchObject({ state: "running", incomplete: false });
  await turn.interrupt();
  const view = await shows(timeline, isOver(1));
  expect(view.turns).toMatchObject([{ state: "interrupted" }]);
  expect(last()).toMatchObject({ kind: "assistant", state: "interrupted", text: "partial" });
  gate.open();
});

test("older turns are read page by page", async () => {
  const { codex, model } = server;
  model.respond(({ userText }) => `echo ${userText}`);
  const thread = await codex.threadStart();
  for (const word of ["a", "b", "c", "d", "e"]) await thread.run(word);
  using timeline = await thread.timeline({ pageSize: 2 });
  const said = () =>
    timeline.snapshot.turns.map(
      ({ entries: [first] }) => first?.kind === "userMessage" && first.text,
    );
  expect([said(), timeline.snapshot.hasOlder]).toEqual([["d", "e"], true]);
  const both = await Promise.all([timeline.loadOlder(), timeline.loadOlder()]);
  expect([both, said()]).toEqual([
    [true, true],
    ["b", "c", "d", "e"],
  ]);
  await thread.run("f");
  expect(await timeline.loadOlder()).toBe(true);
  expect([said(), timeline.snapshot.hasOlder]).toEqual([["a", "b", "c", "d", "e", "f"], false]);
  expect(await timeline.loadOlder()).toBe(false);
});

test("a truncated history is shown as truncated", async () => {
  const { codex, model } = server;
  model.respond(({ userText }) => `echo ${userText}`);
  const thread = await codex.threadStart();
  for (const word of ["a", "b", "c"]) await thread.run(word);
  using timeline = await thread.timeline({ pageSize: 1 });
  await timeline.loadOlder();
  const beforeTurnId = timeline.snapshot.turns[1]?.id ?? "";
  await codex.request("thread/revert", { threadId: thread.id, beforeTurnId });
  const view = await shows(timeline, ({ turns }) => turns.length === 1);
  expect(view.hasOlder).toBe(true);
  await timeline.loadOlder();
  expect(timeline.snapshot.turns).toHaveLength(2);
});

test("a thread without a history also has a timeline", async () => {
  const { codex, model } = server;
  model.respond(() => "hi");
  const thread = await codex.threadStart({ ephemeral: true });
  using timeline = await thread.timeline();
  await thread.run("go");
  const view = await shows(timeline, isOver(1));
  expect(view.turns[0]?.entries).toHaveLength(2);
  expect(await timeline.loadOlder()).toBe(false);
});

test("a closed timeline doesn't change", async () => {
  const { codex, model } = server;
  model.respond(() => "hi");
  const thread = await codex.threadStart();
  const timeline = await thread.timeline();
  await thread.run("one");
  timeline.close();
  timeline.close();
  const last = timeline.snapshot;
  await thread.run("two");
  expect(timeline.snapshot).toBe(last);
  expect(last.turns).toHaveLength(1);
});
