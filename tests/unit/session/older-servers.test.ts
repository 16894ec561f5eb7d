import { describe, expect, test } from "vitest";
import type { ThreadItem } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { asSeen } from "../../../src/timeline/listed-items.ts";
import { fakeClient, messageDelta, turnCompleted, turnStarted } from "../../support/fake.ts";

const user = (id: string, text: string) =>
  ({ type: "userMessage", id, content: [{ type: "text", text, text_elements: [] }] }) as const;
const agent = (id: string, text: string) => ({ type: "agentMessage", id, text, phase: null });

/** A client of a server of this version that works without it. */
function outlived(version: string) {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("initialize", () => ({ userAgent: `fake/${version} (memory)` }));
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "active" } } }));
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  const { codex } = fakeClient({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1 },
  });
  return { server, codex };
}

describe("a server that counts the items it lists", () => {
  test("doesn't list them twice in a turn whose connection was lost", async () => {
    const { server, codex } = outlived("0.144.0");
    const thread = await codex.threadStart();
    const starting = thread.turn("go");
    const start = await server.request("turn/start");
    start.respond({ turn: { id: "u1", status: "inProgress", items: [] } });
    server.notify(...turnStarted("t1", "u1"));
    const turn = await starting;
    for (const item of [user("live-1", "go"), agent("live-2", "first")]) {
      server.notify("item/started", { threadId: "t1", turnId: "u1", item });
      server.notify("item/completed", { threadId: "t1", turnId: "u1", item });
    }
    const torn = { ...agent("m-u1", ""), text: "" };
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: torn });
    server.notify(...messageDelta("t1", "u1", "sec"));

    let listed: object[] = [user("item-1", "go"), agent("item-2", "first")];
    let status = "inProgress";
    const caughtUp = new Promise<void>((resolve) => {
      server.answer("thread/turns/list", () => {
        setImmediate(resolve);
        return { data: [{ id: "u1", status, items: listed, error: null }] };
      });
    });
    server.disconnect();
    await caughtUp;
    const last = agent("live-4", "last");
    server.notify("item/started", { threadId: "t1", turnId: "u1", item: last });
    server.notify("item/completed", { threadId: "t1", turnId: "u1", item: last });
    listed = [...listed, agent("item-3", "second"), agent("item-4", "last")];
    status = "completed";
    server.notify(...turnCompleted("t1", "u1"));

    const { items, text } = await turn.run();
    expect(items).toMatchObject([
      user("live-1", "go"),
      agent("live-2", "first"),
      agent("m-u1", "second"),
      agent("live-4", "last"),
    ]);
    expect(text).toBe("last");
    await codex.close();
  });

  test("lists items that weren't seen under their own ids, in the right order", () => {
    const listed = [user("item-1", "go"), agent("item-2", "a"), agent("item-3", "b")];
    const seen = [user("live-1", "go"), agent("live-3", "b")];
    const ids = asSeen(listed as unknown as ThreadItem[], seen as unknown as ThreadItem[]);
    expect(ids.map(({ id }) => id)).toEqual(["live-1", "item-2", "live-3"]);
  });

  test("is recognised by its ids: other lists don't change", () => {
    const listed = [agent("msg_1", "a")] as unknown as ThreadItem[];
    const seen = [agent("msg_0", "a")] as unknown as ThreadItem[];
    expect(asSeen(listed, seen)).toEqual(listed);
  });
});

describe("a start whose answer is lost, on a server that doesn't store the client's ids", () => {
  const old = { id: "u0", status: "completed", error: null, items: [user("item-1", "again")] };

  async function startAndLose(listedLater: object[]) {
    const { server, codex } = outlived("0.125.0");
    const thread = await codex.threadStart();
    let listed: object[] = [old];
    server.answer("thread/turns/list", () => ({ data: listed }));
    const running = thread.run("again");
    await server.request("turn/start");
    listed = listedLater;
    server.disconnect();
    return { server, codex, running };
  }

  test("is the new turn with this text", async () => {
    const items = [user("item-1", "again"), agent("item-2", "done")];
    const ours = { id: "u1", status: "completed", error: null, items };
    const other = { ...ours, id: "u2", items: [user("item-3", "something else")] };
    const { server, codex, running } = await startAndLose([other, ours, old]);
    expect(await running).toMatchObject({ turnId: "u1", text: "done" });
    expect(server.received.filter(({ method }) => method === "turn/start")).toHaveLength(1);
    await codex.close();
  });

  test("is sent again if there is only an older turn with this text", async () => {
    const { server, codex, running } = await startAndLose([old]);
    const again = await server.request("turn/start");
    again.respond({ turn: { id: "u1", status: "inProgress", items: [] } });
    const items = [user("item-1", "again"), agent("item-2", "done")];
    server.answer("thread/turns/list", () => ({
      data: [{ id: "u1", status: "completed", error: null, items }, old],
    }));
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...turnCompleted("t1", "u1"));
    expect((await running).turnId).toBe("u1");
    await codex.close();
  });
});
