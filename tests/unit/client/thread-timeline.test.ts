import { expect, test, vi } from "vitest";
import { Codex, RequestTimeoutError } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import {
  fakeClient,
  messageCompleted,
  messageDelta,
  turnCompleted,
  turnStarted,
} from "../../support/fake.ts";
import { isOver, shows } from "../../support/live-timelines.ts";
import { listOf, message, threadIs } from "../../support/running-turn.ts";

const NOT_THERE = { code: -32601, message: "Method not found" };

/** A client whose thread "t1" has this history. */
async function withHistory(list: (params: Readonly<Record<string, unknown>>) => unknown) {
  const { server, codex, warnings } = fakeClient();
  server.answer("thread/read", () => threadIs("idle"));
  server.answer("thread/goal/get", () => ({ goal: null }));
  server.answer("thread/turns/list", list);
  return { server, codex, warnings, thread: await codex.threadStart() };
}

const turn = (id: string, startedAt: number, items: object[] = []) => ({
  ...{ id, startedAt, status: "completed", items, itemsView: "full" },
});

test("a message whose end was missed appears when the server has stored it", async () => {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("thread/start", () => threadIs("idle"));
  server.answer("thread/read", () => threadIs("active"));
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/goal/get", () => ({ goal: null }));
  const running = { ...turn("u1", 1), status: "inProgress" };
  const history = [running];
  let reads = 0;
  server.answer("thread/turns/list", () => {
    reads++;
    return listOf(...history);
  });
  const codex = new Codex({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1, jitterRatio: 0 },
    turnIdleMs: 0,
  });
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  server.notify("thread/status/changed", { threadId: "t1", status: { type: "active" } });
  server.notify(...turnStarted("t1", "u1"));
  server.notify(...messageDelta("t1", "u1", "one "));
  server.disconnect();
  await shows(timeline, ({ turns }) => turns[0]?.entries[0]?.incomplete === true && reads > 1);
  // The turn's end was lost, and the server stores it late: the turn has ended, but the history doesn't show that
  // yet.
  const before = reads;
  server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
  server.notify(...turnCompleted("t1", "u1"));
  await vi.waitUntil(() => reads >= before + 3);
  expect(timeline.snapshot.turns[0]?.entries).toMatchObject([{ text: "one ", incomplete: true }]);
  history[0] = { ...turn("u1", 1, [{ ...message("one two") }]) };
  const view = await shows(timeline, ({ turns }) => turns[0]?.entries[0]?.incomplete === false);
  expect(view.turns[0]?.entries).toMatchObject([{ kind: "assistant", text: "one two" }]);
  await codex.close();
});

test("servers without pages return all turns with the thread", async () => {
  const { server, codex } = fakeClient();
  server.answer("thread/read", ({ includeTurns }) => ({
    thread: { id: "t1", name: "old", turns: includeTurns ? [turn("a", 1), turn("b", 2)] : [] },
  }));
  const thread = await codex.threadStart();
  const opening = thread.timeline();
  for (const method of ["thread/goal/get", "thread/turns/list"]) {
    (await server.request(method)).fail(NOT_THERE.code, NOT_THERE.message);
  }
  using timeline = await opening;
  expect(timeline.snapshot).toMatchObject({
    ...{ name: "old", hasOlder: false, goal: null },
    turns: [{ id: "a" }, { id: "b" }],
  });
});

test("a repeated cursor ends the history", async () => {
  let pages = 0;
  const { thread } = await withHistory(() => ({
    data: [turn(`u${++pages}`, 9 - pages)],
    nextCursor: "same",
  }));
  using timeline = await thread.timeline();
  expect([await timeline.loadOlder(), await timeline.loadOlder()]).toEqual([true, false]);
  expect(timeline.snapshot).toMatchObject({ hasOlder: false, turns: [{ id: "u2" }, { id: "u1" }] });
});

test("the content of a malformed page is ignored", async () => {
  const { thread } = await withHistory(() => ({
    data: [null, 1, { id: 5 }, turn("a", 1)],
    nextCursor: 7,
  }));
  using timeline = await thread.timeline();
  expect(timeline.snapshot).toMatchObject({ hasOlder: false, turns: [{ id: "a" }] });
});

test("a page that doesn't arrive rejects the call, and can be asked for again", async () => {
  const { server, thread } = await withHistory(({ cursor }) =>
    cursor === null ? { data: [turn("b", 2)], nextCursor: "older" } : undefined,
  );
  using timeline = await thread.timeline();
  await expect(timeline.loadOlder({ timeoutMs: 1 })).rejects.toThrow(RequestTimeoutError);
  server.answer("thread/turns/list", () => listOf(turn("a", 1)));
  expect(await timeline.loadOlder()).toBe(true);
  expect(timeline.snapshot.turns).toMatchObject([{ id: "a" }, { id: "b" }]);
});

test("calls that share a page have their own limits", async () => {
  const { server, thread } = await withHistory(({ cursor }) =>
    cursor === null ? { data: [turn("b", 2)], nextCursor: "older" } : undefined,
  );
  using timeline = await thread.timeline();
  const controller = new AbortController();
  const first = timeline.loadOlder({ signal: controller.signal });
  const second = timeline.loadOlder();
  const request = await vi.waitUntil(() =>
    server.received.find(({ method, params }) => {
      const { cursor } = (params ?? {}) as { cursor?: unknown };
      return method === "thread/turns/list" && cursor === "older";
    }),
  );
  controller.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
  server.send({ id: request.id, result: listOf(turn("a", 1)) });
  expect(await second).toBe(true);
});

test("older turns are loaded even if the history is truncated in the meantime", async () => {
  const { server, thread } = await withHistory(() => ({
    data: [turn("c", 3)],
    nextCursor: "older",
  }));
  using timeline = await thread.timeline();
  server.answer("thread/turns/list", ({ cursor }) => {
    if (cursor !== "older") return listOf(turn("a", 1));
    server.notify("thread/reverted", { threadId: "t1" });
    return listOf(turn("b", 2));
  });
  expect(await timeline.loadOlder()).toBe(true);
  expect(timeline.snapshot.turns).toMatchObject([{ id: "a" }]);
});

test("a history that the server can't read at first is read again after a lost connection", async () => {
  const server = new FakeAppServer({ outlivesTransport: true });
  const { codex } = fakeClient({ transport: server.endpoint, reconnect: { initialDelayMs: 1 } });
  server
    .answer("thread/start", () => threadIs("idle"))
    .answer("thread/read", () => threadIs("idle"))
    .answer("thread/goal/get", () => ({ goal: null }))
    .answer("thread/turns/list", () => listOf());
  using timeline = await (await codex.threadStart()).timeline();
  let failures = 0;
  server
    .answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "idle" } } }))
    .answer("thread/turns/list", (_, request) => {
      if (++failures > 2) return listOf(turn("a", 1));
      request.fail(-32603, "database is locked");
      return undefined;
    });
  server.disconnect();
  await shows(timeline, ({ turns }) => turns[0]?.id === "a");
});

test("a listener that isn't a function is refused, and one that rejects is reported", async () => {
  const { server, thread, warnings } = await withHistory(() => ({ data: [], nextCursor: null }));
  using timeline = await thread.timeline();
  expect(() => timeline.subscribe(5 as never)).toThrow("must be a function, not number");
  timeline.subscribe(async () => {
    throw new Error("too late");
  });
  server.notify("thread/name/updated", { threadId: "t1", threadName: "a" });
  await vi.waitUntil(() => warnings.some(({ message }) => message.includes("too late")));
});

test("a page that was requested before the history was truncated is ignored", async () => {
  const { server, thread } = await withHistory(() => ({
    data: [turn("c", 3)],
    nextCursor: "older",
  }));
  using timeline = await thread.timeline();
  server.answer("thread/turns/list", () => undefined);
  const older = timeline.loadOlder();
  const late = await vi.waitUntil(() =>
    server.received.find(({ method, params }) => {
      const { cursor } = (params ?? {}) as { cursor?: unknown };
      return method === "thread/turns/list" && cursor === "older";
    }),
  );
  server.answer("thread/turns/list", () => listOf(turn("a", 1)));
  server.notify("thread/reverted", { threadId: "t1" });
  await shows(timeline, ({ turns }) => turns[0]?.id === "a");
  server.send({ id: late.id, result: listOf(turn("b", 2)) });
  expect(await older).toBe(false);
  expect(timeline.snapshot.turns).toMatchObject([{ id: "a" }]);
});

test("a listener that throws is reported, and the others are called", async () => {
  const { server, thread, warnings } = await withHistory(() => listOf());
  using timeline = await thread.timeline();
  timeline.subscribe(() => {
    throw new Error("broken");
  });
  server.notify(...turnStarted("t1", "u1"));
  server.notify(...messageCompleted("t1", "u1", "hi"));
  server.notify(...turnCompleted("t1", "u1"));
  await shows(timeline, isOver(1));
  await vi.waitUntil(() => warnings.length > 0);
  expect(warnings[0]).toMatchObject({
    code: "LISTENER_FAILED",
    message: "A listener of a thread's timeline threw: broken",
  });
});

test("a timeline that can't be opened leaves nothing behind", async () => {
  const { server, thread } = await withHistory(() => undefined);
  await expect(thread.timeline({ timeoutMs: 1 })).rejects.toThrow(RequestTimeoutError);
  server.answer("thread/turns/list", () => listOf());
  using timeline = await thread.timeline();
  expect(timeline.snapshot.turns).toEqual([]);
});
