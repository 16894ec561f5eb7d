import { describe, expect, it } from "vitest";
import type { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { collect } from "../../support/e2e.ts";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";

const started = { id: "u1", status: "inProgress", items: [] };

/** Each kind of text that is streamed: its delta, the item at its start, and the item with this text. */
const kinds = {
  "a message": {
    method: "item/agentMessage/delta",
    place: {},
    item: (text: string) => ({ type: "agentMessage", id: "i1", text, phase: null }),
  },
  "a plan": {
    method: "item/plan/delta",
    place: {},
    item: (text: string) => ({ type: "plan", id: "i1", text }),
  },
  reasoning: {
    method: "item/reasoning/textDelta",
    place: { contentIndex: 0 },
    item: (text: string) => ({
      type: "reasoning",
      id: "i1",
      summary: [],
      content: text === "" ? [] : [text],
    }),
  },
  "a summary of reasoning": {
    method: "item/reasoning/summaryTextDelta",
    place: { summaryIndex: 0 },
    item: (text: string) => ({
      type: "reasoning",
      id: "i1",
      summary: text === "" ? [] : [text],
      content: [],
    }),
  },
  "a command's output": {
    method: "item/commandExecution/outputDelta",
    place: {},
    item: (text: string) => ({
      ...{ type: "commandExecution", id: "i1", command: "make", cwd: "/", commandActions: [] },
      ...{ status: text === "" ? "inProgress" : "completed", exitCode: text === "" ? null : 0 },
      aggregatedOutput: text === "" ? null : text,
    }),
  },
} as const;

/** Cuts the connection while the turn is running. Resolves when the client has caught up. */
async function reconnect(server: FakeAppServer): Promise<void> {
  server.answer("thread/resume", () => threadIs("active"));
  const listed = new Promise<void>((resolve) => {
    server.answer("thread/turns/list", () => {
      setImmediate(resolve);
      return listOf(started);
    });
  });
  server.disconnect();
  await listed;
}

describe("after a lost connection the deltas still make up the whole of", () => {
  it.each(Object.entries(kinds))("%s", async (_what, { method, place, item }) => {
    const { server, codex, turn } = await runningTurn();
    const about = { threadId: "t1", turnId: "u1" };
    const delta = (text: string) =>
      server.notify(method, { ...about, itemId: "i1", delta: text, ...place });
    const streamed = collect(turn.stream());
    server.notify("item/started", { ...about, item: item("") });
    delta("one ");
    await reconnect(server);
    // "two " was sent while no client was connected.
    delta("three");
    const end = { ...started, status: "completed", items: [item("one two three")] };
    server.answer("thread/turns/list", () => listOf(end));
    server.notify("item/completed", { ...about, item: item("one two three") });
    server.notify(...turnCompleted("t1", "u1"));
    const all = await streamed;
    const deltas = all.filter((one) => one.method === method);
    const text = deltas.map(({ params }) => (params as { delta: string }).delta).join("");
    expect(text).toBe("one two three");
    const completed = all.filter((one) => one.method === "item/completed");
    expect(completed).toHaveLength(1);
    expect((await turn.run()).items).toEqual([item("one two three")]);
    await codex.close();
  });

  it.each(Object.entries(kinds))(
    "%s that started afterwards and was still open when the turn ended",
    async (_what, { method, place, item }) => {
      const { server, codex, turn } = await runningTurn();
      const about = { threadId: "t1", turnId: "u1" };
      const streamed = collect(turn.stream());
      await reconnect(server);
      const delta = (text: string) =>
        server.notify(method, { ...about, itemId: "i1", delta: text, ...place });
      server.notify("item/started", { ...about, item: item("") });
      delta("one ");
      const end = { ...started, status: "interrupted", items: [item("one two three")] };
      server.answer("thread/turns/list", () => listOf(end));
      server.notify(...turnCompleted("t1", "u1", "interrupted"));
      // As the server does for an interrupted command.
      delta("two ");
      delta("three");
      server.notify("item/completed", { ...about, item: item("one two three") });
      const all = await streamed;
      const deltas = all.filter((one) => one.method === method);
      expect(deltas.map(({ params }) => (params as { delta: string }).delta).join("")).toBe(
        "one two three",
      );
      expect((await turn.run()).items).toEqual([item("one two three")]);
      await codex.close();
    },
  );

  it.each(Object.entries(kinds))(
    "%s that started and ended without a connection",
    async (_what, { method, item }) => {
      const { server, codex, turn } = await runningTurn();
      const streamed = collect(turn.stream());
      const end = { ...started, status: "completed", items: [item("one two three")] };
      server.answer("thread/resume", () => threadIs("idle"));
      server.answer("thread/turns/list", () => listOf(end));
      server.disconnect();
      const all = await streamed;
      const deltas = all.filter((one) => one.method === method);
      expect(deltas.map(({ params }) => (params as { delta: string }).delta).join("")).toBe(
        "one two three",
      );
      expect((await turn.run()).status).toBe("completed");
      await codex.close();
    },
  );
});

it.each(["with the next list", "with a notification"])(
  "a command whose start was missed, and which was stopped with its turn, arrives %s",
  async (how) => {
    const { server, codex, turn } = await runningTurn();
    const { item } = kinds["a command's output"];
    const about = { threadId: "t1", turnId: "u1" };
    const streamed = collect(turn.stream());
    await reconnect(server);
    const delta = (text: string) =>
      server.notify("item/commandExecution/outputDelta", { ...about, itemId: "i1", delta: text });
    delta("two ");
    const end = { ...started, status: "interrupted" };
    let lists = 0;
    // The server stores the command when it has ended, after its turn.
    server.answer("thread/turns/list", () => {
      lists++;
      if (lists === 2 && how === "with a notification") {
        server.notify("item/completed", { ...about, item: item("one two three") });
      }
      const items = lists > 2 && how === "with the next list" ? [item("one two three")] : [];
      return listOf({ ...end, items });
    });
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    const all = await streamed;
    const deltas = all.filter(({ method }) => method === "item/commandExecution/outputDelta");
    const text = deltas.map(({ params }) => (params as { delta: string }).delta).join("");
    expect(text).toBe("one two three");
    expect((await turn.run()).items).toEqual([item("one two three")]);
    await codex.close();
  },
);

it("a command that the server never stores delays the end of its interrupted turn only briefly", async () => {
  const { server, codex, turn } = await runningTurn();
  await reconnect(server);
  const about = { threadId: "t1", turnId: "u1", itemId: "i1" };
  server.notify("item/commandExecution/outputDelta", { ...about, delta: "two " });
  server.answer("thread/turns/list", () => listOf({ ...started, status: "interrupted" }));
  server.notify(...turnCompleted("t1", "u1", "interrupted"));
  expect(await turn.run()).toMatchObject({ status: "interrupted", items: [] });
  await codex.close();
});
