import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { EventLog } from "../../../src/turn/event-log.ts";
import { TurnFold } from "../../../src/turn/fold.ts";
import type { LogReader } from "../../../src/turn/log-reader.ts";
import { collectGarbage, collectUntil } from "../../support/garbage.ts";

const MB = 1024 * 1024;

function ping(count: number): Notification {
  return { method: "ping", params: { count } };
}

function delta(text: string): Notification {
  return { method: "item/agentMessage/delta", params: { itemId: "m", delta: text } };
}

/** Reads in a separate function, so that its variables don't outlive it. */
async function readOne(reader: LogReader): Promise<WeakRef<object>> {
  const { value } = await reader.next();
  if (value === undefined) throw new Error("the log has ended");
  return new WeakRef(value);
}

function textOf(notification: Notification | undefined): string {
  return (notification?.params as { delta?: string } | undefined)?.delta ?? "";
}

function alive(refs: readonly WeakRef<object>[]): number {
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

/** Objects that were dereferenced stay alive until the next turn of the event loop. */
async function collected(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
}

async function held(): Promise<number> {
  await collected();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A separate copy of the text, as in a parsed line. */
function fresh(text: string): string {
  return JSON.parse(JSON.stringify(text));
}

describe("a log that retains nothing", () => {
  it("frees what was read, even when the reader is always one behind", async () => {
    const log = new EventLog({ retain: false });
    const reader = log.read();
    const read: WeakRef<object>[] = [];
    log.append(ping(0));
    for (let count = 1; count < 1_000; count++) {
      log.append(ping(count));
      read.push(await readOne(reader));
    }
    await collected();
    expect(alive(read)).toBeLessThan(5);
    expect((await reader.next()).value).toEqual(ping(999));
  });

  it("frees the text of one long message as it is read", async () => {
    const log = new EventLog({ retain: false });
    const reader = log.read();
    const before = await held();
    let length = 0;
    for (let count = 0; count < 600; count++) {
      log.append(delta(fresh("x".repeat(32 * 1024))));
      const { value } = await reader.next();
      length += textOf(value).length;
    }
    expect(length).toBe(600 * 32 * 1024);
    expect((await held()) - before).toBeLessThan(2 * MB);
    await reader.return();
  });

  it("keeps nothing for a reader that was dropped without return()", async () => {
    const log = new EventLog({ retain: false });
    await readOne(readerOf(log));
    await collectUntil("the log has no reader", () => !log.hasReaders);
  });

  function readerOf(log: EventLog): LogReader {
    const reader = log.read();
    log.append(ping(1));
    return reader;
  }
});

describe("a log that retains everything", () => {
  const diff = (turnId: string, text: string): Notification => ({
    method: "turn/diff/updated",
    params: { turnId, diff: text },
  });

  it("keeps the newest of the snapshots that replace each other, for readers that stopped too", async () => {
    const log = new EventLog({ retain: true });
    const reader = log.read();
    const sent: WeakRef<object>[] = [];
    const send = (count: number) => {
      const notification = diff("u", `${count}`);
      sent.push(new WeakRef(notification));
      log.append(notification);
    };
    log.append(ping(1));
    for (let count = 0; count < 500; count++) send(count);
    await readOne(reader);
    await readOne(reader);
    for (let count = 500; count < 1_000; count++) send(count);
    log.append(ping(2));
    await collected();
    expect(alive(sent)).toBe(1);
    const rest = [(await reader.next()).value, (await reader.next()).value];
    expect(rest).toEqual([diff("u", "999"), ping(2)]);
  });

  it("keeps a message's text once, however often the server sends it", async () => {
    const words = Array.from({ length: 200_000 }, (_, count) => fresh(`${count} word after word `));
    const whole = words.join("");
    const before = await held();
    const log = new EventLog({ retain: true });
    const fold = new TurnFold(log);
    tell(log, fold, words);
    expect((await held()) - before).toBeLessThan(1.3 * whole.length);
    expect(fold.state.text).toBe(whole);
    const texts: string[] = [];
    log.end();
    for await (const one of log.read()) texts.push(textOf(one));
    expect(texts.join("")).toBe(whole);
  });

  function tell(log: EventLog, fold: TurnFold, words: readonly string[]): void {
    const item = (text: string) => ({ type: "agentMessage", id: "m", text, phase: null });
    const accept = (method: string, params: object) => {
      const notification = JSON.parse(JSON.stringify({ method, params }));
      fold.apply(notification);
      log.append(notification);
    };
    accept("item/started", { item: item("") });
    for (const word of words) log.append(delta(word));
    const whole = words.join("");
    accept("item/completed", { item: item(whole) });
    accept("turn/completed", { turn: { status: "completed", items: [item(whole)] } });
  }

  it("keeps a user's message once, although it starts and completes", async () => {
    const image = fresh(`data:image/png;base64,${"A".repeat(8 * MB)}`);
    const before = await held();
    const log = new EventLog({ retain: true });
    const fold = new TurnFold(log);
    const accept = (method: string, completedAtMs: number | null) => {
      const content = [{ type: "image", url: image }];
      const item = { type: "userMessage", id: "u", content, completedAtMs };
      const notification = JSON.parse(JSON.stringify({ method, params: { item } }));
      fold.apply(notification);
      log.append(notification);
    };
    accept("item/started", null);
    accept("item/completed", 1);
    expect((await held()) - before).toBeLessThan(1.3 * image.length);
    expect(fold.item("u")).toMatchObject({ content: [{ url: image }], completedAtMs: 1 });
  });
});
