import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ThreadItem } from "../../../src/protocol/index.ts";
import type { Notification } from "../../../src/rpc/messages.ts";
import { TurnRecord } from "../../../src/turn/turn-record.ts";

const about = { threadId: "t", turnId: "u" };
const SUMMARY = "item/reasoning/summaryTextDelta";
const ADDED = "item/reasoning/summaryPartAdded";

function newRecord(): TurnRecord {
  const record = new TurnRecord(
    "t",
    "u",
    { ended: () => {}, learned: () => {}, retrying: () => {} },
    { retain: true },
  );
  record.accept({ method: "turn/started", params: { ...about, turn: { id: "u" } } });
  return record;
}

function end(record: TurnRecord): void {
  const turn = { id: "u", status: "completed", error: null };
  record.accept({ method: "turn/completed", params: { ...about, turn } });
}

function note(method: string, params: object): Notification {
  return { method, params: { ...about, ...params } };
}

async function read(record: TurnRecord): Promise<Notification[]> {
  const all: Notification[] = [];
  for await (const one of record.read()) all.push(one);
  return all;
}

/** The deltas of each part of an item, joined. */
function joined(all: readonly Notification[], id: string): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const { method, params } of all) {
    const { itemId, delta, summaryIndex, contentIndex } = params as Record<string, unknown>;
    if (itemId !== id || typeof delta !== "string") continue;
    const key = [method, summaryIndex, contentIndex].filter((one) => one !== undefined).join(" ");
    parts[key] = (parts[key] ?? "") + delta;
  }
  return parts;
}

/** An item with the pieces in which the server sends its texts, by method and index. */
interface Script {
  readonly item: ThreadItem;
  readonly blank: ThreadItem;
  readonly deltas: readonly { method: string; params: object; delta: string }[];
}

function pieces(method: string, texts: readonly string[], place: object = {}): Script["deltas"] {
  return texts.map((delta) => ({ method, params: place, delta }));
}

function scriptOf(kind: string, id: string, parts: readonly (readonly string[])[]): Script {
  const [first = [], ...rest] = parts;
  const text = first.join("");
  const build = (whole: boolean): object => {
    switch (kind) {
      case "agentMessage":
        return { type: kind, id, text: whole ? text : "", phase: null };
      case "plan":
        return { type: kind, id, text: whole ? text : "" };
      case "commandExecution":
        return { type: kind, id, command: "x", aggregatedOutput: whole && text ? text : null };
      default: {
        const summary = rest.map((part) => part.join(""));
        return {
          type: kind,
          id,
          summary: whole ? summary : [],
          content: whole && text ? [text] : [],
        };
      }
    }
  };
  const method = {
    agentMessage: "item/agentMessage/delta",
    plan: "item/plan/delta",
    commandExecution: "item/commandExecution/outputDelta",
  }[kind];
  const deltas = method
    ? pieces(method, first)
    : [
        ...rest.flatMap((part, summaryIndex) => [
          { method: ADDED, params: { summaryIndex }, delta: "" },
          ...pieces(SUMMARY, part, { summaryIndex }),
        ]),
        ...pieces("item/reasoning/textDelta", first, { contentIndex: 0 }),
      ];
  return { item: build(true) as ThreadItem, blank: build(false) as ThreadItem, deltas };
}

function notifications({ item, blank, deltas }: Script): Notification[] {
  return [
    note("item/started", { item: blank }),
    ...deltas.map(({ method, params, delta }) =>
      note(method, { itemId: item.id, ...params, ...(method === ADDED ? {} : { delta }) }),
    ),
    note("item/completed", { item }),
  ];
}

function wholeTexts({ deltas }: Script): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { method, params, delta } of deltas) {
    if (delta !== "") texts[[method, ...Object.values(params)].join(" ")] ??= "";
  }
  for (const key of Object.keys(texts)) {
    texts[key] = deltas
      .filter(({ method, params }) => [method, ...Object.values(params)].join(" ") === key)
      .map(({ delta }) => delta)
      .join("");
  }
  return texts;
}

const piece = fc.oneof(fc.string({ unit: "grapheme", minLength: 1 }), fc.constant("two\nlines\n"));
const items = fc
  .array(
    fc.tuple(
      fc.constantFrom("agentMessage", "plan", "commandExecution", "reasoning"),
      fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map(([kind, parts], index) => scriptOf(kind, `i${index}`, parts)));

/** Several items' notifications in an order that keeps each item's own. */
function interleaved(list: readonly Script[], choices: readonly number[]): Notification[] {
  const queues = list.map(notifications);
  const all: Notification[] = [];
  for (let step = 0; queues.some((queue) => queue.length > 0); step++) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[(choices[step] ?? 0) % open.length]?.shift();
    if (next) all.push(next);
  }
  return all;
}

describe("after a gap", () => {
  it("the joined deltas of each part of each item equal the item, no matter what was lost", async () => {
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.array(fc.nat()),
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        async (list, choices, lostFrom, lostTo, again) => {
          const all = interleaved(list, choices);
          const from = lostFrom % (all.length + 1);
          const to = from + (lostTo % (all.length - from + 1));
          const record = newRecord();
          for (const one of all.slice(0, from)) record.accept(one);
          record.missed();
          // The history contains every completed item, complete from its start. Items that arrived late are repeated.
          for (const one of all.slice(0, to)) {
            if (one.method !== "item/completed") continue;
            record.accept({ ...one, method: "item/started" });
            record.accept(one);
          }
          for (const one of all.slice(again ? from : to)) record.accept(one);
          end(record);

          const { items: result } = await record.outcome;
          expect(new Set(result)).toEqual(new Set(list.map(({ item }) => item)));
          const log = await read(record);
          for (const one of list) {
            const { id } = one.item;
            expect(joined(log, id)).toEqual(wholeTexts(one));
            const own = log.filter(({ params }) => {
              const { item, itemId } = params as { item?: { id: string }; itemId?: string };
              return (item?.id ?? itemId) === id;
            });
            expect(own[0]).toMatchObject({ method: "item/started", params: { item: one.blank } });
            expect(own.at(-1)).toEqual(note("item/completed", { item: one.item }));
            const added = own.filter(({ method }) => method === ADDED);
            const parts = one.deltas.filter(({ method }) => method === ADDED);
            expect(added.map(({ params }) => params as object)).toMatchObject(
              parts.map(({ params }) => params),
            );
          }
        },
      ),
    );
  });

  const MESSAGE = "item/agentMessage/delta";
  const message = (id: string, text: string) => ({ type: "agentMessage", id, text, phase: null });
  const started = (item: object) => note("item/started", { item });
  const done = (item: object) => note("item/completed", { item });
  const delta = (itemId: string, text: string, method = MESSAGE) =>
    note(method, { itemId, delta: text });

  /** The notifications that a reader without a backlog receives, before a gap and after it. */
  async function followed(before: readonly Notification[], later: readonly Notification[]) {
    const record = newRecord();
    const all: Notification[] = [];
    const reading = (async () => {
      for await (const one of record.read()) all.push(one);
    })();
    for (const one of before) await pass(record, one);
    record.missed();
    for (const one of later) await pass(record, one);
    end(record);
    await reading;
    return all.slice(1, -1);
  }

  async function pass(record: TurnRecord, one: Notification): Promise<void> {
    record.accept(one);
    await new Promise((resolve) => setImmediate(resolve));
  }

  it("an item that may have a gap yields no deltas before it completes", async () => {
    const start = [started(message("m", "")), delta("m", "one ")];
    const late = [delta("m", "three "), done(message("m", "one two three "))];
    expect(await followed(start, late)).toEqual([
      ...start,
      delta("m", "two three "),
      done(message("m", "one two three ")),
    ]);
  });

  it("an item that starts later yields its deltas as they arrive", async () => {
    const later = [started(message("m", "")), delta("m", "a"), done(message("m", "a"))];
    expect(await followed([], later)).toEqual(later);
  });

  it("an item whose start was lost starts blank, and has its text in one delta", async () => {
    const later = [delta("m", "b"), done(message("m", "ab"))];
    expect(await followed([], later)).toEqual([
      started(message("m", "")),
      delta("m", "ab"),
      done(message("m", "ab")),
    ]);
  });

  it("the text that an item starts with counts as delivered, or becomes a delta", async () => {
    const begun = [started(message("m", "Pre ")), delta("m", "a")];
    const late = [done(message("m", "Pre ab")), started(message("n", "x")), delta("n", "y")];
    expect(await followed(begun, late)).toEqual([
      ...begun,
      delta("m", "b"),
      done(message("m", "Pre ab")),
      started(message("n", "")),
      delta("n", "x"),
      delta("n", "y"),
    ]);
  });

  it("nothing is added to a text that the complete one doesn't continue", async () => {
    const begun = [started(message("m", "")), delta("m", "abc")];
    expect(await followed(begun, [delta("m", "d"), done(message("m", "other"))])).toEqual([
      ...begun,
      done(message("m", "other")),
    ]);
  });

  it("output of a patch passes, because the item doesn't contain it", async () => {
    const patch = { type: "fileChange", id: "f", changes: [], status: "inProgress" };
    const output = (text: string) => delta("f", text, "item/fileChange/outputDelta");
    const begun = [started(patch), output("a")];
    const late = [output("b"), done({ ...patch, status: "completed" })];
    expect(await followed(begun, late)).toEqual([...begun, ...late]);
  });

  it("a text stream continues with what was missing", async () => {
    const record = newRecord();
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of record.readText()) texts.push(text);
    })();
    record.accept(started(message("m", "")));
    record.accept(delta("m", "one "));
    await new Promise((resolve) => setImmediate(resolve));
    record.missed();
    record.accept(delta("m", "three"));
    record.accept(done(message("m", "one two three")));
    end(record);
    await reading;
    expect(texts).toEqual(["one ", "two three"]);
  });
});
