import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { EventLog } from "../../../src/turn/event-log.ts";
import type { LogReader } from "../../../src/turn/log-reader.ts";

function delta(itemId: string, text: string): Notification {
  return { method: "item/agentMessage/delta", params: { itemId, delta: text } };
}

function other(name: string): Notification {
  return { method: "item/started", params: { name } };
}

async function all(log: EventLog): Promise<Notification[]> {
  const read: Notification[] = [];
  for await (const notification of log.read()) read.push(notification);
  return read;
}

/** What must be the same for every reader: each item's text between two other notifications. */
function normalised(notifications: readonly Notification[]): unknown[] {
  const groups: unknown[] = [];
  let texts: Record<string, string> = {};
  for (const notification of notifications) {
    if (notification.method !== "item/agentMessage/delta") {
      groups.push(texts, notification);
      texts = {};
      continue;
    }
    const { itemId, delta: text } = notification.params as { itemId: string; delta: string };
    texts[itemId] = (texts[itemId] ?? "") + text;
  }
  return [...groups, texts];
}

const notification = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom("a", "b"), fc.string())
      .map(([id, text]) => delta(id, text)),
  },
  { weight: 1, arbitrary: fc.string().map(other) },
);

describe("EventLog", () => {
  it("gives a live reader each notification unchanged", async () => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    const sent = [delta("a", "he"), delta("a", "llo"), other("x")];
    for (const one of sent) {
      const next = reader.next();
      log.append(one);
      expect((await next).value).toBe(one);
    }
  });

  it("joins only the deltas of one item for a late reader", async () => {
    const log = new EventLog({ retain: true });
    for (const one of [
      delta("a", "he"),
      delta("b", "x"),
      delta("a", "llo"),
      other("y"),
      delta("a", "!"),
    ]) {
      log.append(one);
    }
    log.end();
    expect(await all(log)).toEqual([
      delta("a", "hello"),
      delta("b", "x"),
      other("y"),
      delta("a", "!"),
    ]);
  });

  it("keeps deltas of different parts of one item apart", async () => {
    const log = new EventLog({ retain: true });
    const part = (summaryIndex: number, text: string) => ({
      method: "item/reasoning/summaryTextDelta",
      params: { itemId: "r", delta: text, summaryIndex },
    });
    for (const one of [part(0, "a"), part(1, "b"), part(0, "c")]) log.append(one);
    log.end();
    expect(await all(log)).toEqual([part(0, "ac"), part(1, "b")]);
  });

  it("gives every reader everything, whenever it starts and however it reads", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(notification),
        fc.array(fc.nat({ max: 3 })),
        fc.nat(),
        async (sent, reads, start) => {
          const log = new EventLog({ retain: true });
          const got: Notification[] = [];
          const early = sent.slice(0, start % (sent.length + 1));
          for (const one of early) log.append(one);
          const reader = log.read();
          for (const [index, one] of sent.slice(early.length).entries()) {
            log.append(one);
            for (let count = 0; count < (reads[index] ?? 0); count++) {
              reader.next().then(({ value }) => value && got.push(value));
            }
            await Promise.resolve();
          }
          log.end();
          for await (const one of reader) got.push(one);
          expect(normalised(got)).toEqual(normalised(sent));
          expect(normalised(await all(log))).toEqual(normalised(sent));
        },
      ),
    );
  });

  it("throws the reason of its end once, after everything that arrived", async () => {
    const log = new EventLog({ retain: true });
    log.append(other("x"));
    log.end(new Error("gone"));
    const reader = log.read();
    expect((await reader.next()).value).toEqual(other("x"));
    await expect(reader.next()).rejects.toThrow("gone");
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  it("wakes readers that wait when it ends", async () => {
    const log = new EventLog({ retain: true });
    const waiting = log.read().next();
    log.end();
    expect((await waiting).done).toBe(true);
  });

  it("forgets a reader that leaves the loop", async () => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    log.append(other("x"));
    for await (const _ of reader) break;
    expect((await reader.next()).done).toBe(true);
  });

  it.each([
    ["return", (reader: LogReader) => reader.return()],
    ["throw", (reader: LogReader) => reader.throw(new Error("no more")).catch(() => {})],
    ["disposal", (reader: LogReader) => reader[Symbol.asyncDispose]()],
  ])("ends a reader, and its wait, by %s", async (_how, end) => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    const waiting = reader.next();
    await end(reader);
    expect(log.hasReaders).toBe(false);
    log.append(other("x"));
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  it("rejects with the error that was thrown into a reader", async () => {
    const reader = new EventLog({ retain: true }).read();
    await expect(reader.throw(new Error("no more"))).rejects.toThrow("no more");
  });
});
