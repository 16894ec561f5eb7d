import { afterEach, describe, expect, it, vi } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { EventLog } from "../../../src/turn/event-log.ts";
import { Wakes } from "../../../src/turn/wakes.ts";

function delta(text: string, more: object = {}): Notification {
  return { method: "item/agentMessage/delta", params: { itemId: "m", delta: text }, ...more };
}

const other: Notification = { method: "other", params: {} };

afterEach(() => vi.restoreAllMocks());

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What a reader in a loop is given, as it comes. */
function follow(log: EventLog): Notification[] {
  const all: Notification[] = [];
  void (async () => {
    for await (const one of log.read()) all.push(one);
  })();
  return all;
}

function texts(all: readonly Notification[]): unknown[] {
  return all.map(({ params }) => (params as { delta?: string }).delta);
}

describe("a reader that waits", () => {
  it("gets the deltas of one iteration of the event loop as one, with the time of the first", async () => {
    const log = new EventLog({ retain: true });
    const got = follow(log);
    for (const emittedAtMs of [1, 2, 3]) log.append(delta(`${emittedAtMs}`, { emittedAtMs }));
    await endOfTurn();
    expect(got).toEqual([delta("123", { emittedAtMs: 1 })]);
    for (const emittedAtMs of [4, 5]) log.append(delta(`${emittedAtMs}`, { emittedAtMs }));
    await endOfTurn();
    expect(got.slice(1)).toEqual([delta("45", { emittedAtMs: 4 })]);
  });

  it("gets each delta unchanged, in the same iteration, if they arrive in different ones", async () => {
    const log = new EventLog({ retain: true });
    const got = follow(log);
    const sent = [delta("a", { emittedAtMs: 1 }), delta("b", { emittedAtMs: 2 }), delta("")];
    for (const one of sent.slice(0, 2)) {
      log.append(one);
      await endOfTurn();
      expect(got.at(-1)).toBe(one);
    }
    expect(got).toHaveLength(2);
  });

  it("doesn't wait for the end of the iteration when anything except a delta arrives, and keeps the order", async () => {
    const log = new EventLog({ retain: true });
    const got = follow(log);
    await Promise.resolve();
    log.append(delta("a"));
    log.append(delta("b"));
    log.append(other);
    log.append(delta("c"));
    for (let count = 0; count < 5; count++) await Promise.resolve();
    expect(got.slice(0, 2)).toEqual([delta("ab"), other]);
    await endOfTurn();
    expect(got.slice(2)).toEqual([delta("c")]);
  });

  it("gets everything that has arrived when the log ends", async () => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    const waiting = [reader.next(), reader.next()];
    log.append(delta("a"));
    log.end();
    expect(await Promise.all(waiting)).toEqual([
      { value: delta("a"), done: false },
      { value: undefined, done: true },
    ]);
  });

  it("gets answers in the order of its calls", async () => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    const first = reader.next();
    log.append(delta("a"));
    const second = reader.next();
    await endOfTurn();
    log.append(delta("b"));
    expect((await first).value).toEqual(delta("a"));
    expect((await second).value).toEqual(delta("b"));
  });

  it("gets each part of a group in turn, however fast one of them grows", async () => {
    const log = new EventLog({ retain: true });
    const part = (itemId: string, text: string) => ({
      method: "item/agentMessage/delta",
      params: { itemId, delta: text },
    });
    const reader = log.read();
    log.append(part("fast", "a"));
    log.append(part("slow", "b"));
    const got: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      got.push((await reader.next()).value);
      log.append(part("fast", "a"));
    }
    expect(got).toEqual([part("fast", "a"), part("slow", "b"), part("fast", "aa")]);
  });
});

describe("readers of many logs", () => {
  it("are woken together, and without delay if they are few", async () => {
    const wakes = new Wakes();
    const logs = Array.from({ length: 10 }, () => new EventLog({ retain: true, wakes }));
    const got = logs.map(follow);
    for (const text of ["a", "b"]) for (const log of logs) log.append(delta(text));
    await endOfTurn();
    expect(got.map(texts)).toEqual(logs.map(() => ["ab"]));
  });

  it("combine several iterations in a flood, for at most 4 ms", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const wakes = new Wakes();
    const logs = Array.from({ length: 100 }, () => new EventLog({ retain: true, wakes }));
    const got = logs.map(follow);
    for (let ms = 0; ms < 50; ms++) {
      for (const log of logs) log.append(delta("x"));
      await endOfTurn();
      now++;
    }
    await endOfTurn();
    for (const all of got) {
      const lengths = texts(all).map((text) => (text as string).length);
      expect(Math.max(...lengths)).toBe(5);
      expect(lengths).toHaveLength(10);
      expect(lengths.reduce((sum, length) => sum + length)).toBe(50);
    }
  });

  it("are woken as soon as a flood pauses", async () => {
    const wakes = new Wakes();
    const logs = Array.from({ length: 1_000 }, () => new EventLog({ retain: true, wakes }));
    const got = logs.map(follow);
    for (const log of logs) log.append(delta("x"));
    await endOfTurn();
    await endOfTurn();
    expect(got.map(texts)).toEqual(logs.map(() => ["x"]));
  });
});
