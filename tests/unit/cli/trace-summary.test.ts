import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plain } from "../../../src/cli/text.ts";
import { showTrace } from "../../../src/cli/trace-command.ts";
import { summaryOf } from "../../../src/cli/trace-summary.ts";
import { timelinesOf } from "../../../src/cli/trace-timelines.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import type { TraceEntry } from "../../../src/trace/format.ts";
import { readTrace, type Trace } from "../../../src/trace/read-trace.ts";
import { ODD, withOddPlaces } from "../../support/odd-places.ts";

const header = {
  trace: "codex-app-server",
  ...{ version: 1, id: "x", part: 1, pid: 1 },
  ...{ startedAt: "then", client: "1", runtime: "node" },
  endpoint: { name: "stdio", outlivesTransport: false },
} as const;

function traceOf(...messages: readonly object[]): Trace {
  const entries = messages.map((message, at) => ({ at, direction: "receive", message }) as const);
  return { header, entries, isCut: false };
}

const started = (threadId: string) => ({
  method: "turn/started",
  params: { threadId, turn: { id: `turn of ${threadId}`, items: [] } },
});

const spawned = (threadId: string, agentThreadId: string) => ({
  method: "item/started",
  params: {
    ...{ threadId, turnId: `turn of ${threadId}` },
    item: { type: "subAgentActivity", id: agentThreadId, kind: "started", agentThreadId },
  },
});

it("takes time that grows with the number of threads", () => {
  const cost = (threads: number) => {
    const messages = Array.from({ length: threads }, (_, n) => started(`t${n}`));
    const before = process.cpuUsage();
    summaryOf(traceOf(...messages), plain);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const small = Math.min(cost(1_000), cost(1_000));
  expect(cost(8_000)).toBeLessThan(8 * 4 * small + 500);
});

it("shows sub-agents of all levels with the thread that they work for", () => {
  const trace = traceOf(
    started("a"),
    spawned("a", "b"),
    started("b"),
    spawned("b", "c"),
    started("c"),
    started("d"),
    spawned("d", "d"),
  );
  const timelines = timelinesOf(trace.entries);
  expect(timelines.map(({ threadId }) => threadId)).toEqual(["a", "d"]);
  expect(timelines[0]?.agentThreadIds).toEqual(["b", "c"]);
  expect(summaryOf(trace, plain)).toContain("turn of c");
});

it("survives threads that work for each other", () => {
  const trace = traceOf(started("a"), spawned("a", "b"), started("b"), spawned("b", "a"));
  expect(timelinesOf(trace.entries)).toHaveLength(1);
});

it("survives values of any type where strings are expected", () => {
  const odd = { toString: 1, valueOf: 1 };
  const events = ["warning", "disconnected", "other"].map(
    (event): TraceEntry => ({ at: 1, event, details: { code: odd, message: odd } }),
  );
  const trace = traceOf(
    { ...started("a"), method: "turn/started" },
    { id: odd, method: "ask", params: { threadId: "a", turnId: "turn of a" } },
    { id: odd, error: { message: odd, code: odd } },
    { method: "item/started", params: { ...started("a").params, item: { id: odd, type: odd } } },
    { method: "item/completed", params: { ...started("a").params, item: { id: odd, type: odd } } },
    { id: 1, result: { userAgent: odd, thread: { id: odd, turns: odd, parentThreadId: odd } } },
  );
  const all = { ...trace, entries: [...trace.entries, ...events] };
  expect(summaryOf(all, plain)).toContain("turn of a");
});

it("survives a value that can't become text anywhere in a message", () => {
  const thread = {
    id: "a",
    parentThreadId: "p",
    source: { subAgent: {} },
    turns: [],
    status: { type: "idle" },
  };
  const item = {
    type: "commandExecution",
    id: "c",
    command: "make",
    aggregatedOutput: "",
    exitCode: 0,
  };
  const messages: Record<string, unknown>[] = [
    { ...started("a") },
    { ...spawned("a", "b") },
    { method: "thread/started", params: { thread } },
    { method: "item/completed", params: { threadId: "a", turnId: "turn of a", item } },
    {
      id: 1,
      method: "item/commandExecution/requestApproval",
      params: { threadId: "a", turnId: "turn of a" },
    },
    { id: 2, result: { thread } },
    { id: 3, error: { code: -32600, message: "no" } },
    {
      method: "thread/tokenUsage/updated",
      params: { threadId: "a", tokenUsage: { total: { totalTokens: 1 } } },
    },
    {
      method: "error",
      params: { threadId: "a", turnId: "turn of a", error: { message: "m" }, willRetry: false },
    },
  ];
  for (const message of messages) {
    for (const { data } of withOddPlaces(message)) {
      const trace = traceOf(started("z"), data as object);
      expect(summaryOf(trace, plain)).toContain("turn of z");
      expect(timelinesOf(trace.entries).length).toBeGreaterThan(0);
    }
  }
});

it("isn't created from a file whose first line has a part or a version that isn't a number", async () => {
  await using directory = await temporaryDirectory("trace-");
  const file = join(directory.path, "t.jsonl");
  for (const odd of [{ part: ODD }, { version: ODD }, { id: ODD, part: [[]] }]) {
    writeFileSync(file, `${JSON.stringify({ ...header, ...odd })}\n`);
    expect(() => readTrace(file)).toThrow(/isn't a trace|can't read versions/);
  }
});

it("isn't created from a file whose first line has values that aren't strings", async () => {
  await using directory = await temporaryDirectory("trace-");
  const file = join(directory.path, "t.jsonl");
  writeFileSync(file, `${JSON.stringify({ ...header, startedAt: 5 })}\n`);
  expect(() => readTrace(file)).toThrow("isn't a trace: its first line isn't a trace header");
  writeFileSync(file, `${JSON.stringify(header)}\n`);
  expect(readTrace(file).entries).toEqual([]);
});

it("stops an expression that takes too long on a message", async () => {
  await using folder = await temporaryDirectory("trace-grep-");
  const file = join(folder.path, "run.jsonl");
  const message = { id: 1, text: "a".repeat(200) };
  const lines = [header, { at: 1, receive: message }, { at: 2, event: "end" }];
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect(() => showTrace({ file, show: { grep: /(a+)+!/ } })).toThrow(
    "--grep: the expression took longer than 2000 ms on one message: simplify it",
  );
});
