import { describe, expect, it } from "vitest";
import type { ThreadServer } from "../../../src/thread/thread-server.ts";
import { ThreadState } from "../../../src/thread/thread-state.ts";
import { DeltaForm, type DeltaLine } from "../../../src/turn/delta-line.ts";

function delta(turnId: string): DeltaLine {
  const params = { threadId: "t1", turnId, itemId: "m1", delta: "x" };
  const text = JSON.stringify({ method: "item/agentMessage/delta", params });
  const line = DeltaForm.of(text)?.read(text);
  if (line === undefined) throw new Error(`This is no delta: ${text}`);
  return line;
}

const started = { method: "turn/started", params: { threadId: "t1", turn: { id: "u1" } } };

function idleThread(): ThreadState {
  const server = { modelRetryMs: 0, connection: () => undefined };
  const holder = {
    settled: () => {},
    adoptNamed: () => {},
    adoptMissed: () => {},
    interrupt: () => {},
    reroute: () => {},
  };
  return new ThreadState("t1", server as unknown as ThreadServer, holder);
}

async function withTurn() {
  const thread = idleThread();
  using _slot = await thread.starts.acquire(thread.starts.join());
  const record = thread.claim("u1");
  thread.accept(started, "u1");
  return { thread, record };
}

describe("a delta that was not parsed", () => {
  it("reaches its turn, and shows that the turn is not silent", async () => {
    const { thread, record } = await withTurn();
    record.countSilence();
    expect(thread.acceptLine(delta("u1"))).toBe(true);
    expect(record.countSilence()).toBe(1);
    const reader = record.read();
    await reader.next();
    expect((await reader.next()).value).toEqual(delta("u1").notification());
  });

  it("is parsed while notifications are held", async () => {
    const { thread, record } = await withTurn();
    record.missed();
    const end = { id: "u1", status: "completed", items: [] };
    thread.accept({ method: "turn/completed", params: { threadId: "t1", turn: end } }, "u1");
    expect(thread.acceptLine(delta("u1"))).toBe(false);
  });

  it("is parsed while the server is trying to reach the model again, because it shows that the server has", async () => {
    const { thread, record } = await withTurn();
    const error = { message: "Reconnecting" };
    record.accept({ method: "error", params: { willRetry: true, error } });
    expect(thread.acceptLine(delta("u1"))).toBe(false);
    record.accept(delta("u1").notification());
    expect(thread.acceptLine(delta("u1"))).toBe(true);
  });

  it("is parsed after a gap, which may have interrupted its text", async () => {
    const { thread, record } = await withTurn();
    record.missed();
    expect(thread.acceptLine(delta("u1"))).toBe(false);
  });

  it("is parsed while its turn may be the one that is being started", async () => {
    const thread = idleThread();
    using _slot = await thread.starts.acquire(thread.starts.join());
    expect(thread.acceptLine(delta("u1"))).toBe(false);
  });
});
