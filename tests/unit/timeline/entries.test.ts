import { describe, expect, test } from "vitest";
import {
  complete,
  entriesOf,
  lastOf,
  runningTimeline,
  send,
  start,
  TURN,
} from "../../support/timelines.ts";

const KIB = 1024;

describe("text that is streamed", () => {
  test("grows, and the whole text replaces it", () => {
    const timeline = runningTimeline();
    start(timeline, {
      type: "agentMessage",
      id: "m",
      text: "",
      phase: "commentary",
      startedAtMs: 5,
    });
    for (const delta of ["a", "b"])
      send(timeline, "item/agentMessage/delta", { itemId: "m", delta });
    expect(lastOf(timeline, "assistant")).toEqual({
      ...{ kind: "assistant", id: "m", state: "running", startedAt: 5, endedAt: null },
      ...{ incomplete: false, text: "ab", phase: "commentary" },
    });
    complete(timeline, { type: "agentMessage", id: "m", text: "abc", completedAtMs: 9 });
    expect(lastOf(timeline, "assistant")).toMatchObject({
      state: "completed",
      text: "abc",
      endedAt: 9,
    });
  });

  test("keeps the sections of reasoning separate", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "reasoning", id: "r", summary: [], content: [] });
    const summary = (summaryIndex: unknown, delta: string) =>
      send(timeline, "item/reasoning/summaryTextDelta", { itemId: "r", delta, summaryIndex });
    summary(0, "a");
    summary(1, "b");
    summary(0, "c");
    summary(1e9, "too far");
    summary(-1, "nowhere");
    summary({}, "nowhere");
    send(timeline, "item/reasoning/textDelta", { itemId: "r", delta: "raw", contentIndex: 0 });
    expect(lastOf(timeline, "reasoning")).toMatchObject({ summary: ["ac", "b"], raw: ["raw"] });
  });

  test("is marked as incomplete when its start wasn't seen, until it has ended", () => {
    const timeline = runningTimeline();
    send(timeline, "item/agentMessage/delta", { itemId: "m", delta: "end" });
    expect(lastOf(timeline, "assistant")).toMatchObject({ incomplete: true, text: "end" });
    complete(timeline, { type: "agentMessage", id: "m", text: "the end" });
    expect(lastOf(timeline, "assistant")).toMatchObject({ incomplete: false, text: "the end" });
  });

  test("has no gap after notifications were lost", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "agentMessage", id: "m", text: "" });
    const say = (delta: string) =>
      send(timeline, "item/agentMessage/delta", { itemId: "m", delta });
    say("one ");
    timeline.missed();
    say("three");
    expect(lastOf(timeline, "assistant")).toMatchObject({ incomplete: true, text: "one " });
    expect(timeline.gaps()).toEqual([TURN]);
    complete(timeline, { type: "agentMessage", id: "m", text: "one two three" });
    expect(lastOf(timeline, "assistant")).toMatchObject({
      incomplete: false,
      text: "one two three",
    });
  });

  test("of an interrupted message is kept, but a message without text isn't", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "agentMessage", id: "empty", text: "" });
    start(timeline, { type: "agentMessage", id: "cut", text: "" });
    send(timeline, "item/agentMessage/delta", { itemId: "cut", delta: "par" });
    expect(entriesOf(timeline)).toHaveLength(2);
    send(timeline, "turn/completed", { turn: { id: TURN, status: "interrupted" } });
    send(timeline, "item/agentMessage/delta", { itemId: "cut", delta: "late" });
    expect(entriesOf(timeline)).toMatchObject([{ id: "cut", state: "interrupted", text: "par" }]);
  });
});

describe("a command", () => {
  const item = {
    ...{ type: "commandExecution", id: "c", command: "/bin/bash -lc 'ls -l | wc'", cwd: "/work" },
    ...{ source: "unifiedExecStartup", status: "inProgress", aggregatedOutput: null },
    ...{ exitCode: null, durationMs: null },
  };

  test("is shown as a user would type it", () => {
    const timeline = runningTimeline();
    start(timeline, item);
    expect(lastOf(timeline, "command")).toMatchObject({
      ...{ command: "ls -l | wc", commandLine: item.command, cwd: "/work", by: "agent" },
      ...{ state: "running", output: { head: "", omitted: 0, tail: "" }, exitCode: null },
    });
  });

  test("that exits with an error has failed", () => {
    const timeline = runningTimeline();
    const end = { status: "failed", exitCode: 3, durationMs: 12, source: "userShell" };
    complete(timeline, { ...item, ...end, aggregatedOutput: "oops\n" });
    expect(lastOf(timeline, "command")).toMatchObject({
      ...{ state: "failed", by: "user", exitCode: 3, durationMs: 12 },
      ...{ output: { head: "oops\n", omitted: 0, tail: "" } },
    });
  });

  test("that was declined or interrupted", () => {
    const timeline = runningTimeline();
    start(timeline, { ...item, id: "cut" });
    complete(timeline, { ...item, status: "declined" });
    send(timeline, "turn/completed", { turn: { id: TURN, status: "interrupted" } });
    const states = entriesOf(timeline).map(({ id, state }) => [id, state]);
    expect(states).toEqual([
      ["c", "declined"],
      ["cut", "interrupted"],
    ]);
    // The server reports the command's outcome after the end of the turn.
    complete(timeline, { ...item, id: "cut", status: "failed", exitCode: -1 });
    expect(lastOf(timeline, "command")).toMatchObject({ state: "failed", exitCode: -1 });
  });

  test("keeps the beginning and the end of a long output, streamed or whole", () => {
    const text = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`).join("");
    const timeline = runningTimeline();
    start(timeline, item);
    for (let at = 0; at < text.length; at += 777) {
      const delta = text.slice(at, at + 777);
      send(timeline, "item/commandExecution/outputDelta", { itemId: "c", delta });
    }
    const { output } = lastOf(timeline, "command");
    expect(output.head).toBe(text.slice(0, 16 * KIB));
    expect(output.tail).toBe(text.slice(-48 * KIB));
    expect(output.omitted).toBe(text.length - 64 * KIB);
    complete(timeline, { ...item, status: "completed", exitCode: 0, aggregatedOutput: text });
    expect(lastOf(timeline, "command").output).toEqual(output);
  });

  test("doesn't cut a character in two", () => {
    const timeline = runningTimeline();
    complete(timeline, { ...item, aggregatedOutput: `a${"😀".repeat(50_000)}` });
    const { head, omitted, tail } = lastOf(timeline, "command").output;
    expect(head + tail).not.toMatch(/\p{Cs}/u);
    expect(head.length + omitted + tail.length).toBe(100_001);
  });
});

describe("a file change", () => {
  const change = (changes: unknown) => {
    const timeline = runningTimeline();
    complete(timeline, { type: "fileChange", id: "f", status: "completed", changes });
    return lastOf(timeline, "fileChange");
  };

  test("has hunks and counts its lines", () => {
    const diff =
      "@@ -1,2 +1,3 @@ function f() {\n one\n-two\n+three\n+four\n@@ -9 +10 @@\n-x\n\\ No newline\n+y";
    expect(change([{ path: "/a", kind: { type: "update", move_path: null }, diff }])).toMatchObject(
      {
        ...{ added: 3, removed: 2 },
        files: [
          {
            ...{ path: "/a", kind: "update", movedTo: null, added: 3, removed: 2 },
            hunks: [
              {
                ...{ oldStart: 1, newStart: 1, section: "function f() {" },
                lines: [
                  { kind: "context", text: "one" },
                  { kind: "remove", text: "two" },
                  { kind: "add", text: "three" },
                  { kind: "add", text: "four" },
                ],
              },
              {
                ...{ oldStart: 9, newStart: 10, section: "" },
                lines: [
                  { kind: "remove", text: "x" },
                  { kind: "add", text: "y" },
                ],
              },
            ],
          },
        ],
      },
    );
  });

  test("has the lines of a file that is added or deleted", () => {
    const added = change([{ path: "a", kind: { type: "add" }, diff: "one\n\ntwo\n" }]);
    expect(added.files[0]).toMatchObject({
      ...{ kind: "add", added: 3, removed: 0 },
      hunks: [
        { oldStart: 0, newStart: 1, lines: [{ text: "one" }, { text: "" }, { text: "two" }] },
      ],
    });
    const deleted = change([{ path: "a", kind: { type: "delete" }, diff: "one" }]);
    expect(deleted).toMatchObject({ added: 0, removed: 1 });
    expect(change([{ path: "a", kind: { type: "add" }, diff: "" }]).files[0]?.hunks).toEqual([]);
  });

  test("of a moved file doesn't count the server's note as a line", () => {
    const diff = "@@ -1 +1 @@\n-a\n+b\n\n\nMoved to: /new";
    const { files } = change([{ path: "/old", kind: { type: "update", move_path: "/new" }, diff }]);
    expect(files[0]).toMatchObject({ movedTo: "/new", added: 1, removed: 1 });
    expect(files[0]?.hunks[0]?.lines).toHaveLength(2);
  });

  test("skips the names of the files", () => {
    const diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
    expect(change([{ path: "x", kind: { type: "update" }, diff }])).toMatchObject({
      added: 1,
      removed: 1,
    });
  });

  test("grows while the patch is written", () => {
    const timeline = runningTimeline();
    start(timeline, { type: "fileChange", id: "f", status: "inProgress", changes: [] });
    const changes = [{ path: "a", kind: { type: "add" }, diff: "one\n" }];
    send(timeline, "item/fileChange/patchUpdated", { itemId: "f", changes });
    expect(lastOf(timeline, "fileChange")).toMatchObject({ state: "running", added: 1 });
  });
});
