import fc from "fast-check";
import { expect, test } from "vitest";
import { type ThreadView, Timeline } from "../../../src/timeline/index.ts";
import { runningTimeline, send, start } from "../../support/timelines.ts";
import { turnStreams } from "../../support/turn-stream.ts";

/** Each part of the view that is the same as in `before` must be the same object. */
function expectShared(before: ThreadView, after: ThreadView): void {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  if (same(before, after)) expect(after).toBe(before);
  if (same(before.turns, after.turns)) expect(after.turns).toBe(before.turns);
  for (const turn of after.turns) {
    const old = before.turns.find(({ id }) => id === turn.id);
    if (!old) continue;
    if (same(old, turn)) expect(turn).toBe(old);
    if (same(old.entries, turn.entries)) expect(turn.entries).toBe(old.entries);
    for (const entry of turn.entries) {
      const known = old.entries.find(({ id }) => id === entry.id);
      if (known && same(known, entry)) expect(entry).toBe(known);
    }
  }
}

test("unchanged parts are the same objects after any notification", () => {
  fc.assert(
    fc.property(turnStreams, fc.nat(), (stream, seed) => {
      const timeline = new Timeline(stream.threadId);
      let before = timeline.snapshot;
      const check = () => {
        const copy = structuredClone(before);
        expectShared(before, timeline.snapshot);
        expect(before).toEqual(copy);
        before = timeline.snapshot;
      };
      for (const [index, notification] of stream.notifications.entries()) {
        timeline.apply(notification);
        check();
        if ((index + seed) % 3 > 0) continue;
        timeline.apply(notification);
        timeline.merge(stream.history(Math.max(0, index - (seed % 5))));
        check();
      }
    }),
    { numRuns: 60 },
  );
});

const COUNTED: readonly [object: object, name: string][] = [
  ...["get", "set", "values"].map((name): [object, string] => [Map.prototype, name]),
  ...["push", "map", "filter", "join", "slice"].map((name): [object, string] => [
    Array.prototype,
    name,
  ]),
  [Object, "keys"],
];

/** How often functions that do the work of the timeline are called while `run` runs. */
function work(run: () => void): number {
  let calls = 0;
  const originals = COUNTED.map(([object, name]) => {
    const original: (...args: unknown[]) => unknown = Reflect.get(object, name);
    Reflect.set(object, name, function (this: unknown, ...args: unknown[]) {
      calls++;
      return Reflect.apply(original, this, args);
    });
    return () => Reflect.set(object, name, original);
  });
  run();
  for (const restore of originals) restore();
  return calls;
}

const STREAMS = [
  ["agentMessage", "item/agentMessage/delta"],
  ["reasoning", "item/reasoning/textDelta"],
  ["commandExecution", "item/commandExecution/outputDelta"],
] as const;

test.each(STREAMS)("a delta of %s costs the same in any amount of text", (type, method) => {
  const timeline = runningTimeline();
  start(timeline, { type, id: "m", text: "", content: [] });
  const delta = "0123456789".repeat(10);
  const append = (count: number) => {
    for (let done = 0; done < count; done++)
      send(timeline, method, { itemId: "m", delta, contentIndex: 0 });
  };
  append(2_000);
  const early = work(() => append(1_000));
  append(20_000);
  for (let turn = 0; turn < 200; turn++) {
    const items = [{ type: "plan", id: "p", text: "" }];
    timeline.merge([{ id: `old-${turn}`, status: "completed", startedAt: 0, items }]);
    start(timeline, { type: "plan", id: `p-${turn}`, text: "" });
  }
  expect(timeline.snapshot.turns).toHaveLength(201);
  append(1);
  expect(work(() => append(1_000))).toBeLessThanOrEqual(early + 10);
});

test("a snapshot creates new objects only for changed parts", () => {
  const timeline = runningTimeline();
  for (let count = 0; count < 500; count++)
    start(timeline, { type: "plan", id: `p${count}`, text: "" });
  const before = timeline.snapshot.turns[0]?.entries ?? [];
  send(timeline, "item/plan/delta", { itemId: "p250", delta: "x" });
  const after = timeline.snapshot.turns[0]?.entries ?? [];
  expect(after.filter((entry, index) => entry !== before[index])).toMatchObject([{ id: "p250" }]);
});
