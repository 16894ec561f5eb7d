import { describe, expect, test, vi } from "vitest";
import { Timeline } from "../../../src/timeline/index.ts";
import {
  complete,
  entriesOf,
  lastOf,
  runningTimeline,
  send,
  start,
  THREAD,
  TURN,
} from "../../support/timelines.ts";

const tokens = (totalTokens: number) => ({
  ...{ totalTokens, inputTokens: totalTokens, cachedInputTokens: 0, cacheWriteInputTokens: 0 },
  ...{ outputTokens: 0, reasoningOutputTokens: 0 },
});

describe("a thread", () => {
  test("has a name, a status, a model and a goal", () => {
    const timeline = new Timeline(THREAD);
    expect(timeline.snapshot).toEqual({
      ...{ threadId: THREAD, name: null, preview: "", status: null, model: null, usage: null },
      ...{ waitingOnApproval: false, waitingOnUserInput: false, context: null, goal: null },
      ...{ agent: null, turns: [], notices: [], agents: [], hasOlder: false },
    });
    timeline.setThread({
      id: THREAD,
      name: "n",
      preview: "p",
      model: "m",
      status: { type: "idle" },
    });
    expect(timeline.snapshot).toMatchObject({
      name: "n",
      preview: "p",
      model: "m",
      status: "idle",
    });
    const activeFlags = ["waitingOnApproval"];
    send(timeline, "thread/status/changed", { status: { type: "active", activeFlags } });
    send(timeline, "thread/name/updated", { threadName: "new" });
    send(timeline, "thread/settings/updated", { threadSettings: { model: "other" } });
    const goal = {
      objective: "win",
      status: "active",
      tokenBudget: 9,
      tokensUsed: 1,
      timeUsedSeconds: 2,
    };
    send(timeline, "thread/goal/updated", { goal: { ...goal, threadId: THREAD } });
    expect(timeline.snapshot).toMatchObject({
      ...{ name: "new", model: "other", status: "active", waitingOnApproval: true, goal },
    });
    send(timeline, "thread/goal/cleared");
    expect(timeline.snapshot.goal).toBeNull();
    send(timeline, "thread/closed");
    expect(timeline.snapshot).toMatchObject({ status: "notLoaded", waitingOnApproval: false });
  });

  test("counts what each turn and all of them have used, and how full the context is", () => {
    const timeline = runningTimeline();
    const use = (total: number, last: number, turnId = TURN) => {
      const tokenUsage = { total: tokens(total), last: tokens(last), modelContextWindow: 1000 };
      send(timeline, "thread/tokenUsage/updated", { turnId, tokenUsage });
    };
    use(150, 50);
    use(220, 70);
    expect(timeline.snapshot).toMatchObject({
      ...{ usage: { totalTokens: 220 }, context: { used: 70, window: 1000 } },
      turns: [{ usage: { totalTokens: 120, inputTokens: 120 } }],
    });
    send(timeline, "turn/completed", { turn: { id: TURN, status: "completed" } });
    // After a resume, the server repeats the usage of an earlier turn.
    timeline.merge([{ id: "old", status: "completed", startedAt: 0, items: [] }]);
    use(220, 70, "old");
    expect(timeline.snapshot.turns).toMatchObject([{ id: "old", usage: null }, { id: TURN }]);
  });

  test("has no turn of which only the usage is known, because it isn't running", () => {
    const timeline = new Timeline(THREAD);
    const tokenUsage = { total: tokens(220), last: tokens(70), modelContextWindow: 1000 };
    send(timeline, "thread/tokenUsage/updated", { turnId: "older", tokenUsage });
    expect(timeline.snapshot).toMatchObject({ usage: { totalTokens: 220 }, turns: [] });
    send(timeline, "warning", { message: "Careful." });
    expect(timeline.snapshot.notices).toHaveLength(1);
  });

  test("contains nothing of other threads", () => {
    const timeline = runningTimeline();
    const before = timeline.snapshot;
    for (const threadId of ["other", null, undefined, 1])
      send(timeline, "turn/started", { threadId });
    timeline.apply({ method: "account/updated", params: {} });
    timeline.apply({ method: "thread/started", params: { thread: { id: "other" } } });
    timeline.merge([{ id: "x", status: "completed" }], { threadId: "other" });
    expect(timeline.snapshot).toBe(before);
  });

  test("whose history was truncated shows what is merged afterwards", () => {
    const timeline = runningTimeline();
    send(timeline, "thread/reverted");
    expect(timeline.snapshot.turns).toEqual([]);
    timeline.merge([{ id: "a", status: "completed", items: [], startedAt: 1 }], { hasOlder: true });
    expect(timeline.snapshot).toMatchObject({ hasOlder: true, turns: [{ id: "a" }] });
  });

  test("isn't overridden by a history that is late", () => {
    const timeline = runningTimeline();
    timeline.missed();
    send(timeline, "turn/completed", { turn: { id: TURN, status: "completed", durationMs: 5 } });
    for (const status of ["inProgress", "interrupted"]) {
      timeline.merge([{ id: TURN, status, items: [], durationMs: null }]);
      expect(timeline.snapshot.turns).toMatchObject([{ state: "completed", durationMs: 5 }]);
      expect(timeline.gaps()).toEqual([TURN]);
    }
    timeline.merge([{ id: TURN, status: "completed", items: [] }]);
    expect(timeline.gaps()).toEqual([]);
  });

  test("has its turns in order, no matter which arrived first", () => {
    const timeline = new Timeline(THREAD);
    const id = (last: number) => `00000000-0000-7000-8000-00000000000${last}`;
    const turn = (last: number, startedAt: number) => ({
      id: id(last),
      startedAt,
      status: "completed",
    });
    timeline.merge([turn(3, 7)]);
    timeline.merge([turn(2, 7), turn(1, 7), turn(0, 3)]);
    expect(timeline.snapshot.turns.map((one) => one.id)).toEqual([0, 1, 2, 3].map(id));
  });

  test("shows a review as one turn, although the server sends two ids", () => {
    const review = { id: "review", rootTurnId: "review", status: "completed", startedAt: 1 };
    const inner = { id: "inner", rootTurnId: "review", status: "interrupted", startedAt: 1 };
    const begun = { type: "enteredReviewMode", id: "b", review: "x", startedAtMs: 1000 };
    const message = { type: "userMessage", id: "u", content: [], startedAtMs: 1001 };
    const end = { type: "exitedReviewMode", id: "e", review: "fine", startedAtMs: 1002 };
    const stored = new Timeline(THREAD);
    stored.merge([{ ...inner, items: [message] }]);
    stored.merge([{ ...review, items: [begun, end] }]);
    const live = new Timeline(THREAD);
    const item = (one: object) => send(live, "item/completed", { turnId: "review", item: one });
    item(begun);
    send(live, "turn/started", { turn: { ...inner, status: "inProgress" } });
    item(message);
    item(end);
    send(live, "turn/completed", { turn: review });
    expect(stored.snapshot.turns).toMatchObject([
      { id: "review", state: "completed", entries: [{ id: "b" }, { id: "u" }, { id: "e" }] },
    ]);
    expect(live.snapshot).toEqual(stored.snapshot);
    const before = live.snapshot;
    live.merge([
      { ...inner, items: [message] },
      { ...review, items: [begun, end] },
    ]);
    expect(live.snapshot).toBe(before);
  });
});

describe("a sub-agent", () => {
  const spawn = { type: "subAgentActivity", id: "s", kind: "started", agentThreadId: "child" };

  test("has its thread in the view, live", () => {
    const timeline = runningTimeline();
    start(timeline, { ...spawn, agentPath: "/root/helper", model: "m" });
    expect(lastOf(timeline, "subAgent")).toMatchObject({
      ...{ action: "started", threadIds: ["child"], path: "/root/helper", model: "m" },
    });
    const before = timeline.snapshot;
    const child = (method: string, params: object) =>
      send(timeline, method, { threadId: "child", turnId: "c1", ...params });
    child("turn/started", { turn: { id: "c1", rootTurnId: TURN, status: "inProgress" } });
    child("item/agentMessage/delta", { itemId: "m", delta: "hi" });
    expect(timeline.snapshot.agents).toMatchObject([
      {
        ...{ threadId: "child", agent: { path: "/root/helper" } },
        turns: [{ id: "c1", entries: [{ kind: "assistant", text: "hi" }] }],
      },
    ]);
    expect(timeline.snapshot.turns).toBe(before.turns);
    expect(timeline.agentThreadIds).toEqual(["child"]);
  });

  test("can have sub-agents, and names itself", () => {
    const timeline = runningTimeline();
    const tool = { type: "collabAgentToolCall", id: "s", tool: "spawnAgent", prompt: "do" };
    const agentsStates = { child: { status: "running", message: null }, __proto__x: null };
    start(timeline, { ...tool, receiverThreadIds: ["child", null], agentsStates });
    expect(lastOf(timeline, "subAgent")).toMatchObject({
      ...{ action: "spawnAgent", threadIds: ["child"], prompt: "do" },
      agents: [
        { threadId: "child", status: "running" },
        { threadId: "__proto__x", status: null },
      ],
    });
    const thread = {
      id: "grandchild",
      parentThreadId: "child",
      agentNickname: "Ann",
      agentRole: null,
    };
    timeline.apply({ method: "thread/started", params: { thread } });
    expect(timeline.snapshot.agents[0]?.agents).toMatchObject([
      { threadId: "grandchild", agent: { nickname: "Ann", role: null, path: null } },
    ]);
  });

  test("is a thread that an item starts, and not one that the model only names", () => {
    const timeline = runningTimeline();
    const call = { type: "collabAgentToolCall", id: "w", receiverThreadIds: ["other"] };
    for (const tool of ["wait", "sendInput", "resumeAgent", "closeAgent", "sendMessage"]) {
      start(timeline, { ...call, id: tool, tool });
      expect(lastOf(timeline, "subAgent")).toMatchObject({ action: tool, threadIds: ["other"] });
    }
    start(timeline, { ...spawn, id: "i", kind: "interacted", agentThreadId: "other" });
    expect(timeline.snapshot.agents).toEqual([]);
  });

  test("can name its parent threads", () => {
    const timeline = runningTimeline();
    start(timeline, spawn);
    for (const agentThreadId of [THREAD, "child"]) {
      const item = { ...spawn, id: agentThreadId, agentThreadId };
      send(timeline, "item/started", { threadId: "child", turnId: "c1", item });
    }
    timeline.setThread({ id: THREAD, parentThreadId: "child" });
    expect(timeline.snapshot.agents).toMatchObject([{ threadId: "child", agents: [] }]);
  });

  test("is found in the history, and has its own", () => {
    const timeline = new Timeline(THREAD);
    timeline.merge([{ id: TURN, status: "completed", items: [spawn] }]);
    timeline.merge([{ id: "c1", status: "completed", items: [] }], { threadId: "child" });
    expect(timeline.snapshot.agents).toMatchObject([{ turns: [{ id: "c1" }] }]);
  });
});

describe("subscribers", () => {
  test("are called once for all changes in one iteration of the event loop", async () => {
    const timeline = runningTimeline();
    const listener = vi.fn();
    const stop = timeline.subscribe(listener);
    for (let count = 0; count < 10; count++)
      send(timeline, "thread/name/updated", { threadName: `${count}` });
    expect(listener).not.toHaveBeenCalled();
    await new Promise((resolve) => setImmediate(resolve));
    expect(listener).toHaveBeenCalledOnce();
    stop();
    send(timeline, "thread/name/updated", { threadName: "x" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(listener).toHaveBeenCalledOnce();
  });

  test("are called by the program's own scheduler", () => {
    const frames: (() => void)[] = [];
    const timeline = runningTimeline({ schedule: (run) => frames.push(run) });
    const seen: unknown[] = [];
    timeline.subscribe(() => seen.push(timeline.snapshot.name));
    send(timeline, "thread/name/updated", { threadName: "a" });
    send(timeline, "thread/name/updated", { threadName: "b" });
    expect(frames).toHaveLength(1);
    frames.pop()?.();
    expect(seen).toEqual(["b"]);
    send(timeline, "thread/name/updated", { threadName: "c" });
    expect(frames).toHaveLength(1);
  });

  test("can be scheduled by a browser function that can't be called as a method", () => {
    const called: string[] = [];
    function requestAnimationFrame(this: unknown, run: () => void): void {
      if (this !== undefined) throw new TypeError("Illegal invocation");
      run();
    }
    function reportError(this: unknown, error: unknown): void {
      called.push(this === undefined ? String(error) : "Illegal invocation");
    }
    const timeline = runningTimeline({ schedule: requestAnimationFrame, onError: reportError });
    timeline.subscribe(() => {
      throw "broken";
    });
    send(timeline, "thread/name/updated", { threadName: "a" });
    expect(called).toEqual(["broken"]);
  });

  test("that throw don't prevent the others from being called", () => {
    const errors: unknown[] = [];
    const frames: (() => void)[] = [];
    const options = {
      schedule: (run: () => void) => frames.push(run),
      onError: (one: unknown) => errors.push(one),
    };
    const timeline = runningTimeline(options);
    const error = new Error("broken");
    const listener = vi.fn();
    timeline.subscribe(() => {
      throw error;
    });
    timeline.subscribe(listener);
    send(timeline, "thread/name/updated", { threadName: "a" });
    frames.pop()?.();
    expect([errors, listener.mock.calls.length]).toEqual([[error], 1]);
  });
});

describe("unchanged parts", () => {
  test("are the same objects", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "agentMessage", id: "a", text: "" });
    start(timeline, { type: "agentMessage", id: "b", text: "" });
    timeline.merge([{ id: "before", status: "completed", startedAt: 0, items: [] }]);
    const before = timeline.snapshot;
    expect(timeline.snapshot).toBe(before);
    send(timeline, "item/agentMessage/delta", { itemId: "b", delta: "x" });
    const after = timeline.snapshot;
    expect(after).not.toBe(before);
    expect(after.turns[0]).toBe(before.turns[0]);
    expect(after.turns[1]?.entries[0]).toBe(before.turns[1]?.entries[0]);
    expect(after.turns[1]?.entries[1]).not.toBe(before.turns[1]?.entries[1]);
    expect(after.notices).toBe(before.notices);
    expect(after.agents).toBe(before.agents);
  });

  test("don't change in an earlier snapshot", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "reasoning", id: "r", summary: [], content: [] });
    const think = (delta: string) =>
      send(timeline, "item/reasoning/summaryTextDelta", { itemId: "r", delta, summaryIndex: 0 });
    think("a");
    const before = JSON.stringify(timeline.snapshot);
    const taken = timeline.snapshot;
    think("b");
    expect(entriesOf(timeline)).toMatchObject([{ summary: ["ab"] }]);
    expect(JSON.stringify(taken)).toBe(before);
  });
});

test("an item with the id of one that has ended is another entry", () => {
  const timeline = runningTimeline();
  const item = (command: string, startedAtMs: number) => ({
    ...{ type: "commandExecution", id: "call", command, cwd: "/", status: "inProgress" },
    startedAtMs,
  });
  start(timeline, item("first", 1));
  complete(timeline, { ...item("first", 1), status: "completed" });
  start(timeline, item("second", 2));
  send(timeline, "item/commandExecution/outputDelta", { itemId: "call", delta: "output" });
  complete(timeline, { ...item("second", 2), status: "declined" });
  start(timeline, item("first", 1));
  const entries = entriesOf(timeline);
  expect(entries.map(({ state }) => state)).toEqual(["completed", "declined"]);
  expect(entries.map((entry) => entry.kind === "command" && entry.command)).toEqual([
    "first",
    "second",
  ]);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(2);
});

test("the history of an older server, which numbers the items, doesn't add them again", () => {
  const timeline = runningTimeline();
  const content = [{ type: "text", text: "hi", text_elements: [] }];
  complete(timeline, { type: "userMessage", id: "live-1", content });
  start(timeline, { type: "agentMessage", id: "live-2", text: "" });
  send(timeline, "item/agentMessage/delta", { turnId: TURN, itemId: "live-2", delta: "hel" });
  timeline.missed();
  const items = [
    { type: "userMessage", id: "item-1", content },
    { type: "agentMessage", id: "item-2", text: "hello" },
  ];
  timeline.merge([{ id: TURN, status: "completed", completedAt: 1, items }]);
  expect(entriesOf(timeline)).toMatchObject([
    { id: "live-1", kind: "userMessage" },
    { id: "live-2", kind: "assistant", text: "hello" },
  ]);
});
