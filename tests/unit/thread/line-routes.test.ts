import { describe, expect, it } from "vitest";
import { ThreadRegistry } from "../../../src/thread/thread-registry.ts";
import type { CurrentConnection, ThreadServer } from "../../../src/thread/thread-server.ts";

const about = { threadId: "t1", turnId: "u1" };
const LINE = JSON.stringify({
  method: "item/agentMessage/delta",
  params: { ...about, itemId: "m1", delta: "x" },
});

/** A registry that has passed a line of a live turn directly to the turn, and has remembered the route. */
async function routed({ wants = false } = {}) {
  const listening = { wants };
  const server = { modelRetryMs: 0, turnIdleMs: 0, connection: () => undefined };
  const registry = new ThreadRegistry(server as unknown as ThreadServer, {
    wants: () => listening.wants,
    onDropped: () => {},
  });
  const thread = registry.open("t1");
  thread.handles.retain();
  using _slot = await thread.starts.acquire(thread.starts.join());
  const record = thread.claim("u1");
  const turn = { id: "u1", status: "inProgress" };
  registry.accept({ method: "turn/started", params: { threadId: "t1", turn } });
  expect([registry.acceptLine(LINE), registry.acceptLine(LINE)]).toEqual([!wants, !wants]);
  return { registry, thread, record, listening };
}

function textOf({ items }: { items: readonly object[] }): unknown {
  return items.map((item) => (item as { text?: string }).text).join("");
}

describe("a line whose form has led to a turn before", () => {
  it("reaches the same turn again", async () => {
    const { registry, record } = await routed();
    expect(registry.acceptLine(LINE)).toBe(true);
    expect(textOf(record.state)).toBe("xxx");
  });

  it("is parsed as soon as there is a listener for its method", async () => {
    const { registry, listening } = await routed();
    listening.wants = true;
    expect(registry.acceptLine(LINE)).toBe(false);
  });

  it("is held with all others while a new connection catches up", async () => {
    const { registry, record } = await routed();
    const silent: CurrentConnection = { ask: () => new Promise(() => {}), isLost: false };
    registry.connectionReplaced(silent);
    expect(registry.acceptLine(LINE)).toBe(false);
    expect(textOf(record.state)).toBe("xx");
  });

  it("is parsed after a gap", async () => {
    const { registry, record } = await routed();
    record.missed();
    expect(registry.acceptLine(LINE)).toBe(false);
  });

  it("is parsed when its turn has ended, and keeps nothing of it in memory", async () => {
    const { registry, record } = await routed();
    record.fail(new Error("lost"));
    expect(registry.acceptLine(LINE)).toBe(false);
    expect(record.outlet.acceptLine(undefined as never)).toBe(false);
  });

  it("shows that the turn is not silent", async () => {
    const { registry, record } = await routed();
    record.countSilence();
    record.countSilence();
    registry.acceptLine(LINE);
    expect(record.countSilence()).toBe(1);
  });
});
