import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { TurnRecord } from "../../../src/turn/turn-record.ts";

const about = { threadId: "t", turnId: "u" };

interface Message {
  readonly id: string;
  readonly parts: readonly string[];
  readonly phase: "commentary" | "final_answer" | null;
}

const started = (status = "inProgress"): Notification => ({
  method: "turn/started",
  params: { ...about, turn: { id: "u", status, items: [] } },
});
const completed: Notification = {
  method: "turn/completed",
  params: { ...about, turn: { id: "u", status: "completed", items: [], error: null } },
};
const delta = (itemId: string, text: string): Notification => ({
  method: "item/agentMessage/delta",
  params: { ...about, itemId, delta: text },
});

const isDelta = ({ method }: Notification) => method === "item/agentMessage/delta";

function itemOf({ id, parts, phase }: Message) {
  return { type: "agentMessage", id, phase, text: parts.join("") };
}

function told(message: Message): Notification[] {
  const item = itemOf(message);
  return [
    { method: "item/started", params: { ...about, item: { ...item, text: "" } } },
    ...message.parts.map((part) => delta(message.id, part)),
    { method: "item/completed", params: { ...about, item } },
  ];
}

/** The messages' notifications in any order that keeps each message's own. */
function interleaved(messages: readonly Message[], choices: readonly number[]): Notification[] {
  const queues = messages.map(told);
  const all: Notification[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const waiting = queues.filter((queue) => queue.length > 0);
    const next = waiting[(choices[turn] ?? 0) % waiting.length]?.shift();
    if (next) all.push(next);
  }
  return all;
}

/** Everything but deltas at times twice, at once or later. */
function repeated(all: readonly Notification[], again: readonly boolean[]): Notification[] {
  const later = all.filter((one, index) => !isDelta(one) && again[index + all.length]);
  return [
    ...all.flatMap((one, index) => (!isDelta(one) && again[index] ? [one, one] : [one])),
    ...later,
  ];
}

const messages = fc
  .array(
    fc.record({
      parts: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }),
      phase: fc.constantFrom("commentary" as const, "final_answer" as const, null),
    }),
    { maxLength: 5 },
  )
  .map((list) => list.map((message, index): Message => ({ id: `m${index}`, ...message })));

async function read(record: TurnRecord): Promise<Notification[]> {
  const all: Notification[] = [];
  for await (const one of record.read()) all.push(one);
  return all;
}

function textOf(id: string, all: readonly Notification[]): string {
  const parts = all.map(({ method, params }) => {
    const { itemId, delta: text } = params as { itemId?: string; delta?: string };
    return method === "item/agentMessage/delta" && itemId === id ? text : "";
  });
  return parts.join("");
}

function recordOf(): TurnRecord {
  const events = { ended: () => {}, learned: () => {}, retrying: () => {} };
  return new TurnRecord("t", "u", events, { retain: true });
}

describe("a turn's record", () => {
  it("keeps the order, accepts each notification once, and loses no text, however the turn arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        messages,
        fc.array(fc.nat()),
        fc.array(fc.boolean()),
        async (list, choices, again) => {
          const record = recordOf();
          const all = [started(), ...interleaved(list, choices)];
          for (const one of repeated(all, again)) record.accept(one);
          record.accept(completed);
          record.accept(completed);
          const { items, text, status } = await record.outcome;

          const order = all.flatMap(({ method, params }) =>
            method === "item/completed" ? [(params as { item: { id: string } }).item.id] : [],
          );
          expect(items.map(({ id }) => id)).toEqual(order);
          expect(status).toBe("completed");
          const inOrder = order.map((id) => list.find((message) => message.id === id));
          const last = (phase: Message["phase"]) =>
            inOrder.findLast((message) => message?.phase === phase)?.parts.join("");
          expect(text).toBe(last("final_answer") ?? last(null) ?? "");

          const log = await read(record);
          const named = log.filter((one) => !isDelta(one));
          expect(named).toEqual([...all.filter((one) => !isDelta(one)), completed]);
          for (const { id, parts } of list) expect(textOf(id, log)).toBe(parts.join(""));
        },
      ),
    );
  });

  it("has each text once and completely after any gap, even if held notifications are repeated", async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.nat(), fc.nat(), async (list, lostFrom, lostTo) => {
        const all = list.flatMap(told);
        const from = lostFrom % (all.length + 1);
        const to = from + (lostTo % (all.length - from + 1));
        const record = recordOf();
        for (const one of [started(), ...all.slice(0, from)]) record.accept(one);
        record.missed();
        // The server's history has what was completed up to here; its content may overlap.
        const history = all.slice(0, to).filter(({ method }) => method === "item/completed");
        for (const one of [...history, ...all.slice(to)]) record.accept(one);
        record.accept(completed);
        const { items } = await record.outcome;
        expect(items).toEqual(list.map(itemOf));
        const log = await read(record);
        for (const { id, parts } of list) expect(textOf(id, log)).toBe(parts.join(""));
        const texts: string[] = [];
        for await (const part of record.readText()) texts.push(part);
        expect(texts.join("")).toBe(list.flatMap(({ parts }) => parts).join(""));
      }),
    );
  });

  it.each([
    ["first", ["a", "b", "c"]],
    ["second", ["b", "a", "c"]],
    ["last", ["b", "c", "a"]],
  ])(
    "has each of several commands with one id, of which the announced one ends %s",
    async (_when, order) => {
      const record = recordOf();
      const item = (command: string) => ({ type: "commandExecution", id: "x", command });
      record.accept({ method: "item/started", params: { ...about, item: item("a") } });
      for (const command of order) {
        const isOpen = order.indexOf("a") >= order.indexOf(command);
        expect(record.openCommands()).toEqual(isOpen ? ["x"] : []);
        const ended = { ...item(command), status: "completed" };
        record.accept({ method: "item/completed", params: { ...about, item: ended } });
      }
      record.accept(completed);
      const { items } = await record.outcome;
      expect(items).toMatchObject(order.map(item));
    },
  );

  it("ignores a held delta if the history contained the whole message", async () => {
    const message: Message = { id: "m", parts: ["a", "b"], phase: null };
    const record = recordOf();
    record.accept(started());
    record.missed();
    const kept = told(message);
    for (const one of [...kept.slice(-1), ...kept, completed]) record.accept(one);
    expect(textOf("m", await read(record))).toBe("ab");
  });
});
