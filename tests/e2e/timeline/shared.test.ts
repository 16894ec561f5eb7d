import { expect, test, vi } from "vitest";
import { command, Gate, type Reply, reasoning, reply, text } from "../../../src/testing/index.ts";
import type { Entry } from "../../../src/timeline/entries.ts";
import { fromHistory, isOver, shows, stored } from "../../support/live-timelines.ts";
import { randomOf } from "../../support/random.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";
import { agentOf, SUB_AGENTS, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

const textOf = (entry: Entry | undefined) => (entry?.kind === "assistant" ? entry.text : "");

test("a turn that another client starts is in the timeline, live", async () => {
  await using served = await startServed([command("echo one"), text(["he", "llo"])]);
  const [ours, theirs] = [served.client(), served.client()];
  const thread = await ours.threadStart();
  using timeline = await thread.timeline();
  // A thread can't be resumed before its first turn, so the test runs one.
  served.model.respond(() => "hi");
  await thread.run("first");
  const same = await theirs.threadResume(thread.id);
  await same.run("second");
  const live = await shows(timeline, isOver(2));
  expect(live.turns.map(({ entries }) => entries.map(({ kind }) => kind))).toEqual([
    ["userMessage", "command", "assistant"],
    ["userMessage", "assistant"],
  ]);
  expect(stored(live)).toEqual(stored(await fromHistory(theirs, thread.id)));
});

test("a timeline that is opened in the middle of a message contains all of it in the end", async () => {
  const gate = new Gate();
  await using served = await startServed(["first"]);
  const [ours, theirs] = [served.client(), served.client()];
  const thread = await ours.threadStart();
  await thread.run("first");
  served.model.enqueue(reply(reasoning("hm"), text(["one ", gate, "two ", "three"])));
  const turn = await thread.turn("second");
  await gate.reached;
  using timeline = await (await theirs.threadResume(thread.id)).timeline();
  expect(timeline.snapshot).toMatchObject({
    status: "active",
    turns: [{ state: "completed" }, { state: "running" }],
  });
  gate.open();
  await turn.run();
  const live = await shows(timeline, isOver(2));
  expect(live.turns[1]?.entries).toMatchObject([
    { kind: "userMessage" },
    { kind: "reasoning", summary: ["hm"] },
    { kind: "assistant", text: "one two three", incomplete: false },
  ]);
  expect(stored(live)).toEqual(stored(await fromHistory(ours, thread.id)));
});

test("a timeline never shows a message with a gap, even if part of it was sent while its thread was unsubscribed", async () => {
  const gates = [new Gate(), new Gate()] as const;
  await using served = await startServed(["first"]);
  const [ours, theirs] = [served.client(), served.client()];
  const thread = await ours.threadStart();
  await thread.run("first");
  const same = await theirs.threadResume(thread.id);
  using timeline = await same.timeline();
  served.model.enqueue(text(["one ", gates[0], "two ", gates[1], "three"]));
  const turn = await thread.turn("second");
  const message = () => timeline.snapshot.turns.at(-1)?.entries.at(-1);
  await shows(timeline, () => textOf(message()) === "one ");
  await same.unsubscribe();
  expect(message()).toMatchObject({ state: "running", incomplete: true });
  gates[0].open();
  await gates[1].reached;
  await theirs.threadResume(thread.id);
  gates[1].open();
  const shown: string[] = [];
  timeline.subscribe(() => shown.push(textOf(message())));
  await turn.run();
  await shows(timeline, isOver(2));
  // Subscribers are called at the end of the event loop's iteration.
  await vi.waitFor(() => expect(new Set(shown)).toEqual(new Set(["one ", "one two three"])));
});

test("a timeline that is opened while a sub-agent works follows it", async () => {
  const gate = new Gate();
  const script: Reply[] = [spawnAgent("helper"), waitForAgents(), "all done"];
  await using served = await startServed((request) =>
    agentOf(request) === "/root" ? (script.shift() ?? "") : text(["one ", gate, "two"]),
  );
  const config = { ...SUB_AGENTS, suppress_unstable_features_warning: true };
  const [ours, theirs] = [served.client(), served.client()];
  const thread = await ours.threadStart({ config });
  const turn = await thread.turn("go");
  await gate.reached;
  using timeline = await (await theirs.threadResume(thread.id)).timeline();
  expect(timeline.snapshot.agents).toHaveLength(1);
  await shows(timeline, ({ agents }) => agents[0]?.agent?.nickname != null);
  gate.open();
  await turn.run();
  const live = await shows(
    timeline,
    (view) => isOver(1)(view) && view.agents[0]?.turns[0]?.state === "completed",
  );
  expect(live.agents[0]?.turns[0]?.entries).toMatchObject([
    { kind: "assistant", text: "one two", incomplete: false },
  ]);
  expect(stored(live)).toEqual(stored(await fromHistory(ours, thread.id)));
});

test.each(["this client's", "another client's"])(
  "a lost connection in the middle of %s turn leaves no gap",
  async (whose) => {
    const [gate, after] = [new Gate(), new Gate()];
    await using served = await startServed(["first"]);
    await using relay = await startRelay(served.port);
    const [ours, theirs] = [served.client({}, relay.port), served.client()];
    const thread = await ours.threadStart();
    await thread.run("first");
    using timeline = await thread.timeline();
    served.model.enqueue(
      reply(text(["one ", gate, "two"]), command("echo hi")),
      reply(text(["three ", after, "four"])),
    );
    const same = whose === "this client's" ? thread : await theirs.threadResume(thread.id);
    const turn = await same.turn("second");
    await gate.reached;
    await shows(timeline, ({ turns }) => JSON.stringify(turns).includes("one "));
    const back = reconnected(ours);
    relay.cut();
    gate.open();
    await back;
    await after.reached;
    after.open();
    await turn.run();
    const texts = ({ turns }: typeof timeline.snapshot) =>
      turns[1]?.entries.map((entry) => (entry.kind === "assistant" ? entry.text : entry.kind));
    // Items that the server stores late arrive after the turn's end.
    const isWhole = ({ turns }: typeof timeline.snapshot) =>
      turns[1]?.entries.length === 4 && turns[1].entries.every(({ incomplete }) => !incomplete);
    const live = await shows(timeline, (view) => isOver(2)(view) && isWhole(view));
    expect(texts(live)).toEqual(["userMessage", "one two", "command", "three four"]);
    expect(stored(live)).toEqual(stored(await fromHistory(theirs, thread.id)));
  },
);

test("turns that others ran while there was no connection are there afterwards", async () => {
  await using served = await startServed((request) => `echo ${request.userText}`);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [
    served.client({ reconnect: { initialDelayMs: 1_000 } }, relay.port),
    served.client(),
  ];
  const thread = await ours.threadStart();
  await thread.run("0");
  using timeline = await thread.timeline({ pageSize: 2 });
  const same = await theirs.threadResume(thread.id);
  const back = reconnected(ours);
  relay.cut();
  for (const word of ["1", "2", "3", "4", "5"]) await same.run(word);
  await back;
  const live = await shows(timeline, isOver(6));
  expect(
    live.turns.map(({ entries: [first] }) => first?.kind === "userMessage" && first.text),
  ).toEqual(["0", "1", "2", "3", "4", "5"]);
  using all = await same.timeline({ pageSize: 10 });
  expect(stored(live)).toEqual(stored(all.snapshot));
});

const CUTS = 20;

test("connections that are lost at random moments don't change the timeline", {
  timeout: 120_000,
}, async () => {
  const answer = (request: { lastOutput?: unknown }): Reply =>
    request.lastOutput === undefined
      ? reply(reasoning(["h", "m"]), command("echo one"))
      : reply(text(["a ", "b ", "c ", "d "], { delayMs: 5 }));
  await using served = await startServed(answer);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client({}, relay.port), served.client()];
  const thread = await ours.threadStart();
  await thread.run("0");
  using timeline = await thread.timeline({ pageSize: 3 });
  const same = await theirs.threadResume(thread.id);
  const random = randomOf(5);
  for (let count = 1; count <= CUTS; count++) {
    const cut = setTimeout(() => relay.cut(), random() * 250);
    await (count % 2 === 0 ? thread : same).run(`${count}`);
    clearTimeout(cut);
  }
  const whole = ({ turns }: typeof timeline.snapshot) =>
    turns.every(
      ({ entries }) => entries.length === 4 && entries.every(({ incomplete }) => !incomplete),
    );
  const live = await shows(timeline, (view) => isOver(CUTS + 1)(view) && whole(view));
  using all = await same.timeline({ pageSize: 50 });
  expect(stored(live)).toEqual(stored(all.snapshot));
});

test("a timeline drops the turns that another client removed while the connection was lost", async () => {
  await using served = await startServed(({ userText }) => `echo ${userText}`);
  await using relay = await startRelay(served.port);
  const ours = served.client({ reconnect: { initialDelayMs: 300 } }, relay.port);
  const theirs = served.client();
  const thread = await ours.threadStart();
  await thread.run("first");
  using timeline = await thread.timeline();
  await thread.run("second");
  await thread.run("third");
  const same = await theirs.threadResume(thread.id);
  const back = reconnected(ours);
  relay.cut();
  await same.rollback(2);
  await same.run("fourth");
  await back;
  const live = await shows(timeline, (view) => view.turns.length === 2 && isOver(2)(view));
  expect(live.turns.map(({ entries }) => textOf(entries.at(-1)))).toEqual([
    "echo first",
    "echo fourth",
  ]);
  expect(stored(live)).toEqual(stored(await fromHistory(theirs, thread.id)));
});
