import fc from "fast-check";
import { expect, test } from "vitest";
import { Timeline, toJson, toMarkdown, toText } from "../../../src/timeline/index.ts";
import { hostileJson, hostileText, nested, withProto } from "../../support/hostile.ts";
import {
  complete,
  entriesOf,
  runningTimeline,
  send,
  THREAD,
  TURN,
} from "../../support/timelines.ts";

const METHODS = [
  ...[
    "item/started",
    "item/completed",
    "turn/started",
    "turn/completed",
    "thread/started",
    "error",
  ],
  ...["item/agentMessage/delta", "item/plan/delta", "item/commandExecution/outputDelta"],
  ...["item/reasoning/textDelta", "item/reasoning/summaryTextDelta", "turn/plan/updated"],
  ...["item/fileChange/patchUpdated", "item/mcpToolCall/progress", "turn/diff/updated"],
  ...["thread/tokenUsage/updated", "thread/status/changed", "thread/name/updated", "warning"],
  ...["thread/settings/updated", "thread/goal/updated", "thread/reverted", "thread/closed"],
  ...["hook/started", "hook/completed", "model/rerouted", "modelProvider/authRecoveryStarted"],
  ...["item/autoApprovalReview/started", "item/autoApprovalReview/completed", "guardianWarning"],
];
const TYPES = [
  ...["userMessage", "agentMessage", "reasoning", "commandExecution", "fileChange", "mcpToolCall"],
  ...["dynamicToolCall", "functionCallOutput", "webSearch", "plan", "imageView", "imageGeneration"],
  ...["enteredReviewMode", "contextCompaction", "subAgentActivity", "collabAgentToolCall"],
  ...["hookPrompt", "sleep", "__proto__", "new"],
];
const NAMES = [
  ...[
    "id",
    "type",
    "text",
    "status",
    "summary",
    "content",
    "changes",
    "command",
    "aggregatedOutput",
  ],
  ...[
    "result",
    "error",
    "arguments",
    "action",
    "contentItems",
    "agentsStates",
    "receiverThreadIds",
  ],
  ...["agentThreadId", "startedAtMs", "fragments", "durationMs", "kind", "diff", "path", "items"],
  ...["rootTurnId", "startedAt", "itemsView", "plan", "run", "tokenUsage", "total", "last", "goal"],
  ...["message", "delta", "summaryIndex", "contentIndex", "itemId", "thread", "parentThreadId"],
  ...["turns", "__proto__", "constructor", "toString"],
];

const odd: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileJson,
  fc.constantFrom(null, undefined, true, 0, -0, 1.5, -1, 2 ** 53, THREAD, TURN, "completed"),
  fc.constant(nested(1_000)),
  hostileText.map(withProto),
);
const members = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(odd, fc.array(odd, { maxLength: 3 })),
);
const objects = fc.oneof(members, fc.array(fc.oneof(members, odd), { maxLength: 3 }), odd);
const item = fc
  .tuple(fc.constantFrom(...TYPES), fc.constantFrom("a", "b"), members, objects)
  .map(([type, id, rest, inner]) => ({ type, id, ...rest, changes: inner, content: inner }));
const params = fc
  .tuple(members, fc.oneof(item, objects), fc.option(objects))
  .map(([rest, one, turn]) => ({
    ...{ threadId: THREAD, turnId: TURN, itemId: "a", delta: "x" },
    ...rest,
    ...{ item: one, turn: turn ?? { id: TURN, items: [one], status: "inProgress" } },
  }));

test("no message from a server makes it throw, and everything can be shown", {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...METHODS), fc.oneof(params, objects))),
      fc.array(objects, { maxLength: 3 }),
      (notifications, turns) => {
        const timeline = runningTimeline();
        for (const [method, one] of notifications) timeline.apply({ method, params: one });
        timeline.merge(turns);
        timeline.merge([{ id: TURN, items: turns }]);
        timeline.setThread(turns[0]);
        const { snapshot } = timeline;
        expect(timeline.snapshot).toBe(snapshot);
        expect(JSON.parse(toJson(snapshot)).thread.threadId).toBe(THREAD);
        expect(typeof toText(snapshot)).toBe("string");
        expect(typeof toMarkdown(snapshot)).toBe("string");
      },
    ),
    { numRuns: 150 },
  );
});

test("values that aren't objects aren't items, turns or threads", () => {
  const timeline = runningTimeline();
  const before = timeline.snapshot;
  for (const value of [null, undefined, 1, "x", [], [null], { id: null }, { id: "" }, {}]) {
    send(timeline, "item/started", { item: value });
    send(timeline, "turn/started", { turn: value });
    timeline.apply({ method: "item/started", params: value });
    timeline.merge([value]);
    timeline.merge(value as never);
    timeline.setThread(value);
  }
  expect(timeline.snapshot).toBe(before);
});

test("names of built-in object members are ordinary names", () => {
  const timeline = new Timeline("__proto__");
  const turns = [
    { id: "constructor", status: "completed", items: [{ id: "__proto__", type: "toString" }] },
  ];
  timeline.merge(turns);
  expect(timeline.snapshot).toMatchObject({ threadId: "__proto__" });
  expect(entriesOf(timeline)).toMatchObject([
    { kind: "unknown", id: "__proto__", type: "toString" },
  ]);
});

test("any number of threads can work for each other, even in endless chains", () => {
  const deep = new Timeline("t0");
  const wide = new Timeline("t0");
  for (let n = 1; n <= 20_000; n++) {
    const start = (timeline: Timeline, parentThreadId: string) =>
      timeline.apply({
        method: "thread/started",
        params: { thread: { id: `t${n}`, parentThreadId } },
      });
    start(deep, `t${n - 1}`);
    start(wide, "t0");
  }
  expect(deep.agentThreadIds).toHaveLength(64);
  for (const render of [toText, toMarkdown, toJson]) render(deep.snapshot);
  expect(wide.snapshot.agents).toHaveLength(20_000);
});

test("more backticks than a call can have arguments, and a call nested 20,000 deep, can be shown", () => {
  const timeline = runningTimeline();
  const text = "` ".repeat(300_000);
  const call = { type: "mcpToolCall", server: "s", tool: "t", status: "completed" };
  complete(timeline, {
    ...call,
    id: "a",
    arguments: {},
    result: { content: [{ type: "text", text }] },
  });
  complete(timeline, { ...call, id: "b", arguments: nested(20_000), result: null });
  const { snapshot } = timeline;
  expect(toMarkdown(snapshot)).toContain(text.trim());
  expect(JSON.parse(toJson(snapshot)).thread.turns[0].entries).toHaveLength(2);
});
