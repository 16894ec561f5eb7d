import { expect, test, vi } from "vitest";
import { familyOf, itemsOf } from "../../../inspector/data/thread-list.ts";
import { recordIn } from "../../../src/trace/lines.ts";
import { countMarks, filterRows, type TrafficFilter } from "../../../src/traffic/filter.ts";
import { replayTest } from "../../../src/traffic/replay-test.ts";
import { marksOf, type RequestRow, type Row } from "../../../src/traffic/rows.ts";
import { ThreadFacts } from "../../../src/traffic/thread-facts.ts";
import { Traffic } from "../../../src/traffic/traffic.ts";
import { waterfallOf } from "../../../src/traffic/waterfall.ts";

/** Traffic from the lines of a trace. */
function trafficOf(lines: readonly object[], isOver = true): Traffic {
  const traffic = new Traffic();
  for (const line of lines) {
    const record = recordIn(JSON.stringify(line));
    if (record) traffic.add(record);
  }
  if (isOver) traffic.end();
  return traffic;
}

function marks(traffic: Traffic): string[] {
  return traffic.rows.map((row) => `${nameOf(row)}: ${marksOf(row, traffic.endedAt).join(" ")}`);
}

const nameOf = (row: Row) => (row.kind === "event" ? row.event : row.method);

const list = { method: "thread/list", params: { limit: 1 } };
const busy = { code: -32_001, message: "busy" };

test("a request that was refused because the server is busy, and its retry, are marked", () => {
  const traffic = trafficOf([
    { at: 0, event: "connected" },
    { at: 1, send: { id: 1, ...list } },
    { at: 2, receive: { id: 1, error: busy } },
    { at: 3, send: { id: 2, method: "thread/list", params: { limit: 2 } } },
    { at: 4, send: { id: 3, ...list } },
    { at: 5, receive: { id: 3, result: {} } },
    { at: 6, receive: { id: 2, result: {} } },
  ]);
  expect(marks(traffic)).toEqual([
    "connected: ",
    "thread/list: failed retried",
    "thread/list: ",
    "thread/list: retried",
  ]);
  const [first, , second] = traffic.requests;
  expect(second).toMatchObject({ attempt: 2, state: "succeeded", endedAt: 5 });
  expect(first?.retriedBy).toBe(second?.key);
});

test("requests that a lost connection leaves unanswered are marked, and so is what repeats them", () => {
  const traffic = trafficOf([
    { at: 0, event: "connected" },
    { at: 1, send: { id: 1, ...list } },
    { at: 2, receive: { id: 0, method: "item/tool/requestUserInput", params: {} } },
    { at: 5, event: "disconnected", byClient: false, message: "gone" },
    { at: 6, event: "connected" },
    { at: 7, send: { id: 1, ...list } },
    { at: 8, receive: { id: 1, result: {} } },
    { at: 9, send: { id: 2, method: "model/list" } },
  ]);
  expect(marks(traffic)).toEqual([
    "connected: ",
    "thread/list: unanswered retried",
    "item/tool/requestUserInput: unanswered",
    "disconnected: failed",
    "connected: ",
    "thread/list: retried",
    "model/list: unanswered",
  ]);
  expect(traffic.requests.map(({ endedAt }) => endedAt)).toEqual([5, 5, 8, 9]);
});

test("a request is slow from one second on, unless its answer is the end of long work", () => {
  const traffic = trafficOf(
    [
      { at: 0, send: { id: 1, ...list } },
      { at: 1, send: { id: 2, method: "command/exec" } },
      { at: 2, send: { id: 3, method: "model/list" } },
      { at: 999, receive: { id: 1, result: {} } },
      { at: 1002, receive: { id: 3, result: {} } },
      { at: 2000, receive: { id: 2, result: {} } },
      { at: 2001, send: { id: 4, method: "account/read" } },
      { at: 3001, receive: { method: "x" } },
    ],
    false,
  );
  expect(marks(traffic)).toEqual([
    "thread/list: ",
    "command/exec: ",
    "model/list: slow",
    "account/read: slow",
    "x: ",
  ]);
});

test("a server request that another client has answered is no longer pending", () => {
  const ask = { method: "item/tool/requestUserInput", params: { threadId: "t", turnId: "u" } };
  const started = { method: "turn/started", params: { threadId: "t", turn: { id: "u" } } };
  const resolved = { method: "serverRequest/resolved", params: { threadId: "t", requestId: 7 } };
  const traffic = trafficOf([
    { at: 0, receive: started },
    { at: 10, receive: { id: 7, ...ask } },
    { at: 50, receive: resolved },
    { at: 90, receive: { method: "x" } },
  ]);
  const [request] = traffic.requests as RequestRow[];
  expect(request).toMatchObject({ state: "elsewhere", endedAt: 50 });
  const turn = traffic.turn("u");
  const shares = turn && waterfallOf(turn, 90).shares;
  expect(shares?.map(({ activity, ms }) => [activity, ms])).toEqual([
    ["model", 50],
    ["waiting", 40],
  ]);
});

test("deltas that were joined are one row at the time of the first", () => {
  const delta = (text: string) => ({
    method: "item/agentMessage/delta",
    params: { threadId: "t", turnId: "u", itemId: "i", delta: text },
  });
  const traffic = trafficOf([
    { at: 5, receive: { method: "y" } },
    {
      at: 2,
      receive: delta("abc"),
      deltas: [
        [2, null, 1, 1],
        [4, null, 1],
      ],
    },
    { at: 6, receive: "not JSON" },
    { at: 7, unknown: 1 },
  ]);
  expect(traffic.rows).toMatchObject([
    { kind: "notification", at: 2, endedAt: 4, count: 3, itemId: "i" },
    { kind: "notification", at: 5, count: 1 },
    { kind: "notification", at: 6, method: "(not JSON-RPC)", message: "not JSON" },
  ]);
  expect(traffic.received).toBe(5);
});

test("the oldest rows are forgotten with the turns that ended before the others", () => {
  const turn = (method: string, id: string) => ({
    method,
    params: { threadId: "t", turn: { id, status: "completed" } },
  });
  const traffic = trafficOf([
    { at: 0, receive: turn("turn/started", "a") },
    { at: 1, receive: turn("turn/completed", "a") },
    { at: 2, receive: turn("turn/started", "b") },
    { at: 3, receive: { method: "x" } },
    { at: 4, receive: turn("turn/completed", "b") },
  ]);
  traffic.forget(3);
  expect(traffic.rows.map(({ at }) => at)).toEqual([3, 4]);
  expect(traffic.turns.map(({ turnId }) => turnId)).toEqual(["b"]);
  expect(traffic.threads).toHaveLength(1);
});

test("of what runs at the same time, waiting counts before commands, and commands before the model", () => {
  const item = (id: string, type: string) => ({ id, type, command: id });
  const params = { threadId: "t", turnId: "u" };
  const started = (one: object) => ({ method: "item/started", params: { ...params, item: one } });
  const completed = (one: object) => ({
    method: "item/completed",
    params: { ...params, item: one },
  });
  const [a, b] = [item("a", "commandExecution"), item("b", "commandExecution")];
  const approval = { method: "item/commandExecution/requestApproval", params };
  const traffic = trafficOf([
    { at: 0, receive: { method: "turn/started", params: { threadId: "t", turn: { id: "u" } } } },
    { at: 10, receive: started(a) },
    { at: 20, receive: { id: 1, ...approval } },
    { at: 30, receive: started(b) },
    { at: 52, send: { id: 1, result: {} } },
    { at: 60, receive: completed(a) },
    { at: 70, receive: completed(b) },
    {
      ...{ at: 100 },
      receive: {
        method: "turn/completed",
        params: {
          threadId: "t",
          turn: { id: "u", status: "failed", error: { message: "broken" } },
        },
      },
    },
  ]);
  const turn = traffic.turn("u");
  expect(turn).toMatchObject({ state: "failed", error: "broken" });
  const shown = turn && waterfallOf(turn, 0);
  expect(shown?.shares.map(({ activity, ms }) => [activity, ms])).toEqual([
    ["model", 40],
    ["waiting", 32],
    ["commands", 28],
  ]);
  expect(
    shown?.bars.map(({ activity, startedAt, endedAt }) => [activity, startedAt, endedAt]),
  ).toEqual([
    ["model", 0, 10],
    ["commands", 10, 60],
    ["waiting", 20, 52],
    ["commands", 30, 70],
    ["model", 70, 100],
  ]);
});

test("values of any type and depth are accepted where strings are expected", () => {
  const odd: Record<string, unknown> = { toString: 1, valueOf: 1 };
  const params = { threadId: "t", turnId: "u", turn: { id: "u", status: odd, error: odd } };
  const of = (method: string, more: object) => ({
    at: 1,
    receive: { method, params: { ...params, ...more } },
  });
  const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
  const traffic = new Traffic();
  const lines = [
    of("turn/started", {}),
    of("item/started", { item: { id: odd, type: odd } }),
    of("item/started", { item: { id: "i", type: "commandExecution", command: odd } }),
    of("item/completed", { item: { id: "i", type: "constructor", changes: odd } }),
    of("hook/started", { run: { id: odd, eventName: odd, status: "running" } }),
    of("error", { willRetry: true, error: { message: odd, additionalDetails: odd } }),
    of("thread/tokenUsage/updated", { tokenUsage: { total: odd, last: odd } }),
    of("thread/status/changed", { status: { type: odd, activeFlags: odd } }),
    { at: 2, receive: { id: odd, method: "item/tool/requestUserInput", params } },
    { at: 2, send: { id: odd, error: { message: odd, code: odd } } },
    { at: 3, send: { id: 4, method: "thread/list", params: odd } },
    { at: 3, receive: { id: 4, result: { data: [odd], thread: odd, turn: odd } } },
    { at: 4, event: "warning", code: odd, message: odd },
  ];
  for (const line of lines) {
    const record = recordIn(JSON.stringify(line));
    if (record) traffic.add(record);
  }
  traffic.add({ at: 5, direction: "send", message: { id: deep, method: "x", params: deep } });
  traffic.add({ at: 6, direction: "receive", message: { id: deep, error: { code: -32_001 } } });
  traffic.end();
  const turn = traffic.turn("u");
  expect(turn && waterfallOf(turn, 9).bars.length).toBeGreaterThan(2);
  const all = { text: "zzz", kind: undefined, mark: undefined, threadIds: undefined };
  expect(filterRows(traffic.rows, all, 9)).toEqual([]);
  expect(replayTest(traffic, "x.jsonl")).toContain('replay("x.jsonl")');
});

test("a test that resumes a thread names it by its id, and only then by its variable", () => {
  const id = "01a216ca-45fc-75f0-982f-02814905fbbf";
  const resume = { method: "thread/resume", params: { threadId: id } };
  const code = replayTest(
    trafficOf([
      { at: 0, event: "connected" },
      { at: 1, send: { id: 1, ...resume } },
      { at: 2, receive: { id: 1, result: { thread: { id } } } },
      { at: 3, send: { id: 2, ...resume } },
      { at: 4, receive: { id: 2, result: { thread: { id } } } },
    ]),
    "x.jsonl",
  );
  expect(code).toContain(`const thread1 = await codex.threadResume("${id}");`);
  expect(code).toContain("const thread2 = await codex.threadResume(thread1.id);");
});

test("text that ends like an id remains text in a test, and none of it is executed", async () => {
  const id = "01a216ca-45fc-75f0-982f-02814905fbbf";
  const texts = [`x"${id}`, "+(globalThis.wasRun=true)+", "]});//", `\\"${id}`, `${id}"`];
  const names = { [id]: id };
  const code = replayTest(
    trafficOf([
      { at: 0, event: "connected" },
      { at: 1, send: { id: 1, method: "thread/start", params: {} } },
      { at: 2, receive: { id: 1, result: { thread: { id } } } },
      { at: 3, send: { id: 2, method: "x", params: { threadId: id, texts } } },
      { at: 4, receive: { id: 2, result: {} } },
      { at: 5, send: { id: 3, method: "x", params: { names } } },
      { at: 6, receive: { id: 3, result: {} } },
    ]),
    "x.jsonl",
  );
  const lines = code.split("\n").filter((one) => one.includes("codex.request("));
  const request = vi.fn();
  for (const line of lines) {
    const run = new Function("codex", "thread1", `return (async () => { ${line}\n})()`);
    await run({ request }, { id: "another" }).catch(() => {});
  }
  expect(globalThis).not.toHaveProperty("wasRun");
  expect(request.mock.calls.map(([, params]) => params)).toEqual([
    { threadId: "another", texts },
    { names: { [id]: "another" } },
  ]);
});

test("rows are found by kind, mark, thread and content", () => {
  const traffic = trafficOf([
    { at: 0, event: "connected" },
    { at: 1, send: { id: 1, ...list } },
    { at: 2, receive: { id: 1, error: { code: 1, message: "Not Today" } } },
    { at: 3, receive: { method: "x", params: { threadId: "t" } } },
    { at: 4, receive: { id: 5, method: "ask", params: { threadId: "s" } } },
  ]);
  const all = { text: "", kind: undefined, mark: undefined, threadIds: undefined };
  const found = (filter: Partial<TrafficFilter>) =>
    filterRows(traffic.rows, { ...all, ...filter }, 9).map(nameOf);
  expect(found({})).toHaveLength(4);
  expect(found({ text: "not today" })).toEqual(["thread/list"]);
  expect(found({ kind: "requests" })).toEqual(["thread/list"]);
  expect(found({ kind: "serverRequests" })).toEqual(["ask"]);
  expect(found({ kind: "notifications" })).toEqual(["x"]);
  expect(found({ kind: "events" })).toEqual(["connected"]);
  expect(found({ mark: "failed" })).toEqual(["thread/list"]);
  expect(found({ threadIds: new Set(["t"]) })).toEqual(["x"]);
  expect(Object.fromEntries(countMarks(traffic.rows, 9))).toEqual({ failed: 1, unanswered: 1 });
});

test("a sub-agent's parent is known by its record, or by the item that names it", () => {
  const item = { id: "i", type: "subAgentActivity", agentThreadId: "b" };
  const traffic = trafficOf([
    { at: 0, receive: { method: "thread/started", params: { thread: { id: "a", name: "A" } } } },
    { at: 1, receive: { method: "thread/status/changed", params: { threadId: "b" } } },
    { at: 2, receive: { method: "item/started", params: { threadId: "a", turnId: "u", item } } },
    {
      ...{ at: 3 },
      receive: {
        method: "thread/started",
        params: { thread: { id: "c", parentThreadId: "b", preview: "" } },
      },
    },
  ]);
  expect(traffic.threads).toMatchObject([
    { threadId: "a", parentThreadId: null, isNamed: true, activeAt: 0 },
    { threadId: "b", parentThreadId: "a", isNamed: false, activeAt: undefined },
    { threadId: "c", parentThreadId: "b", isNamed: true, activeAt: 3 },
  ]);
});

test("deltas that were recorded late are placed where they arrived", () => {
  const at = (time: number) => ({ at: time, receive: { method: `m${time}`, params: {} } });
  const traffic = trafficOf([1, 2, 5, 3, 6, 4, 4, 0].map(at));
  expect(traffic.rows.map((row) => row.at)).toEqual([0, 1, 2, 3, 4, 4, 5, 6]);
});

test("a trace in which every row is late is shown", () => {
  const traffic = new Traffic();
  const count = 100_000;
  for (let at = count; at > 0; at--) traffic.add({ at, event: "odd", details: {} });
  expect(traffic.rows).toHaveLength(count);
  expect(traffic.endedAt).toBe(count);
});

test("any number of sub-agents in any number of levels is listed", () => {
  const count = 20_000;
  const thread = (id: string, parent: string | null) => {
    const facts = new ThreadFacts(id);
    facts.inform({ parentThreadId: parent });
    return facts;
  };
  const chain = Array.from({ length: count }, (_, n) => thread(`${n}`, n ? `${n - 1}` : null));
  const items = itemsOf(chain, "");
  expect(items).toHaveLength(count);
  expect(items.at(-1)).toMatchObject({ threadId: `${count - 1}`, depth: count - 1 });
  expect(familyOf("0", chain.toReversed()).size).toBe(count);
  const wide = [thread("a", null), ...chain.slice(1).map(({ threadId }) => thread(threadId, "a"))];
  const listed = itemsOf(wide, "");
  expect(listed.slice(0, 3).map(({ threadId }) => threadId)).toEqual(["a", "1", "2"]);
  expect(familyOf("a", wide).size).toBe(count);
});
