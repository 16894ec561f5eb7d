import { describe, expect, test } from "vitest";
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

describe("a call", () => {
  test("of an MCP server has its progress while it runs, and its result", () => {
    const timeline = runningTimeline();
    const item = { type: "mcpToolCall", id: "m", server: "s", tool: "t", arguments: { a: 1 } };
    start(timeline, { ...item, status: "inProgress", result: null, error: null });
    send(timeline, "item/mcpToolCall/progress", { itemId: "m", message: "half way" });
    expect(lastOf(timeline, "mcpCall")).toMatchObject({
      progress: "half way",
      content: null,
      text: "",
    });
    const content = [
      { type: "text", text: "one" },
      { type: "image" },
      { type: "text", text: "two" },
    ];
    const result = { content, structuredContent: { ok: true } };
    complete(timeline, { ...item, status: "completed", result, error: null, durationMs: 3 });
    expect(lastOf(timeline, "mcpCall")).toMatchObject({
      ...{ state: "completed", arguments: { a: 1 }, progress: null, text: "one\ntwo", content },
      ...{ structuredContent: { ok: true }, error: null, durationMs: 3 },
    });
    complete(timeline, {
      ...item,
      id: "e",
      status: "failed",
      result: null,
      error: { message: "no" },
    });
    expect(lastOf(timeline, "mcpCall")).toMatchObject({ state: "failed", error: "no" });
  });

  test("of the program's own tool", () => {
    const timeline = runningTimeline();
    const contentItems = [
      { type: "inputText", text: "seen" },
      { type: "inputImage", imageUrl: "data:x" },
    ];
    const item = { type: "dynamicToolCall", id: "d", namespace: "n", tool: "look", arguments: {} };
    complete(timeline, { ...item, status: "completed", contentItems, success: true });
    expect(lastOf(timeline, "toolCall")).toMatchObject({
      ...{ namespace: "n", tool: "look", text: "seen", media: ["data:x"], state: "completed" },
    });
    complete(timeline, { type: "functionCallOutput", id: "o", name: "look", output: "given" });
    expect(lastOf(timeline, "toolCall")).toMatchObject({ tool: "look", text: "given" });
  });
});

test("a user's message has its text, and what is attached", () => {
  const timeline = runningTimeline();
  const content = [
    { type: "text", text: "look" },
    { type: "localImage", path: "/a.png" },
    { type: "image", url: "https://x.example/" },
    { type: "skill", name: "s", path: "/s" },
    { type: "new" },
    null,
  ];
  complete(timeline, { type: "userMessage", id: "u", clientId: "c", content });
  expect(lastOf(timeline, "userMessage")).toMatchObject({
    ...{ text: "look", clientId: "c" },
    attachments: [
      { kind: "image", name: null, source: "/a.png" },
      { kind: "image", name: null, source: "https://x.example/" },
      { kind: "skill", name: "s", source: "/s" },
      { kind: "unknown", name: null, source: null },
    ],
  });
});

test("other items", () => {
  const timeline = runningTimeline();
  const action = { type: "openPage", url: "https://x.example/" };
  const items = [
    {
      type: "webSearch",
      query: "cats",
      action: { type: "search", query: "cats", queries: ["cats"] },
    },
    { type: "webSearch", query: "x", action },
    { type: "webSearch", query: "x", action: null },
    { type: "plan", text: "# Plan" },
    { type: "imageView", path: "/p.png" },
    {
      type: "imageGeneration",
      status: "completed",
      revisedPrompt: "a cat",
      result: "base64",
      failure: null,
    },
    { type: "enteredReviewMode", review: "changes" },
    { type: "exitedReviewMode", review: "fine" },
    { type: "contextCompaction" },
    { type: "hookPrompt", fragments: [{ text: "a" }, { text: "b" }] },
    { type: "sleep", durationMs: 1500 },
    { type: "fromTheFuture", any: [1] },
  ];
  for (const [index, item] of items.entries()) complete(timeline, { id: `i${index}`, ...item });
  expect(entriesOf(timeline)).toMatchObject([
    { kind: "webSearch", action: "search", query: "cats", queries: ["cats"], url: null },
    { kind: "webSearch", action: "openPage", url: "https://x.example/" },
    { kind: "webSearch", action: "other", query: "x" },
    { kind: "plan", text: "# Plan", steps: [] },
    { kind: "image", action: "viewed", path: "/p.png" },
    { kind: "image", action: "generated", prompt: "a cat", data: "base64" },
    { kind: "review", action: "begun", text: "changes" },
    { kind: "review", action: "finished", text: "fine" },
    { kind: "compaction" },
    { kind: "hook", event: null, text: "a\nb" },
    { kind: "notice", level: "info", text: "Sleeps for 1.5 s" },
    {
      kind: "unknown",
      type: "fromTheFuture",
      item: { id: "i11", type: "fromTheFuture", any: [1] },
    },
  ]);
});

describe("notes", () => {
  test("the steps of a plan", () => {
    const timeline = runningTimeline();
    const plan = [
      { step: "a", status: "completed" },
      { step: "b", status: "inProgress" },
      { step: "c", status: "pending" },
    ];
    send(timeline, "turn/plan/updated", { explanation: null, plan: [] });
    send(timeline, "turn/plan/updated", { explanation: "because", plan });
    expect(entriesOf(timeline)).toMatchObject([
      {
        ...{ kind: "plan", id: `${TURN}:plan`, text: "because" },
        steps: [
          { text: "a", state: "completed" },
          { text: "b", state: "running" },
          { text: "c", state: "pending" },
        ],
      },
    ]);
  });

  test("a hook, a rerouted model, a warning", () => {
    const timeline = runningTimeline();
    const run = { id: "h", eventName: "preToolUse", status: "running", entries: [], startedAt: 1 };
    send(timeline, "hook/started", { run });
    send(timeline, "hook/completed", {
      run: { ...run, status: "blocked", statusMessage: "no", completedAt: 2, durationMs: 1 },
    });
    send(timeline, "model/rerouted", { fromModel: "a", toModel: "b", reason: "why" });
    timeline.apply({ method: "warning", params: { threadId: THREAD, message: "beware" } });
    expect(entriesOf(timeline)).toMatchObject([
      { kind: "hook", event: "preToolUse", state: "failed", text: "no", durationMs: 1 },
      { kind: "modelRerouted", from: "a", to: "b", reason: "why" },
      { kind: "notice", level: "warning", text: "beware" },
    ]);
  });

  test("a warning without a running turn is separate from the turns", () => {
    const timeline = new Timeline(THREAD);
    const warn = (message: string) =>
      timeline.apply({ method: "warning", params: { threadId: THREAD, message } });
    for (let count = 0; count < 150; count++) warn(`${count}`);
    warn("149");
    const { notices } = timeline.snapshot;
    expect([notices.length, notices.at(0)?.text, notices.at(-1)?.text]).toEqual([100, "50", "149"]);
  });

  test("an error after which the server retries, until it has reached the model", () => {
    const timeline = runningTimeline();
    const fail = (message: string) =>
      send(timeline, "error", { error: { message, codexErrorInfo: "other" }, willRetry: true });
    fail("once");
    fail("twice");
    expect(entriesOf(timeline)).toMatchObject([
      { kind: "error", state: "running", message: "twice", willRetry: true, code: "other" },
    ]);
    start(timeline, { type: "agentMessage", id: "m", text: "" });
    expect(lastOf(timeline, "error").state).toBe("completed");
    fail("again");
    expect(entriesOf(timeline).filter(({ kind }) => kind === "error")).toHaveLength(2);
  });

  test("the error that ends the turn appears once, at the end", () => {
    const timeline = runningTimeline();
    const error = {
      message: "no",
      additionalDetails: "more",
      codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 401 } },
    };
    send(timeline, "error", { error, willRetry: true });
    send(timeline, "error", { error, willRetry: false });
    send(timeline, "turn/completed", { turn: { id: TURN, status: "failed", error } });
    complete(timeline, { type: "commandExecution", id: "late", command: "x", startedAtMs: 5_000 });
    expect(entriesOf(timeline)).toMatchObject([
      { id: "late" },
      {
        kind: "error",
        state: "failed",
        message: "no",
        details: "more",
        code: "httpConnectionFailed",
      },
    ]);
    expect(timeline.snapshot.turns[0]?.error).toMatchObject({ message: "no" });
  });
});
