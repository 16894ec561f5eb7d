import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Turn } from "../../../src/index.ts";
import { LineSplitter } from "../../../src/transport/lines.ts";
import {
  fakeClient,
  messageCompleted,
  messageDelta,
  turnCompleted,
  turnStarted,
} from "../../support/fake.ts";

const METHODS = [
  "item/agentMessage/delta",
  "item/commandExecution/outputDelta",
  "item/reasoning/textDelta",
  "item/plan/delta",
  "item/unknown/delta",
];
const THREADS = ["t1", "t2"];

afterEach(() => vi.restoreAllMocks());

/** A client with a turn on each of two threads, whose events are read as they arrive. */
async function client({ parses }: { parses: boolean }) {
  const { server, codex, warnings } = fakeClient();
  // A listener for a method needs the notifications to be parsed.
  if (parses) for (const method of METHODS) codex.on(method, () => {});
  const turns: Turn[] = [];
  const live: unknown[][] = [];
  const readers: Promise<void>[] = [];
  for (const threadId of THREADS) {
    const starting = (await codex.threadStart()).turn("go");
    (await server.request("turn/start")).respond({ turn: { id: `u-${threadId}` } });
    const turn = await starting;
    server.notify(...turnStarted(threadId, turn.id));
    const events: unknown[] = [];
    live.push(events);
    turns.push(turn);
    readers.push(
      (async () => {
        for await (const event of turn.stream()) events.push(event);
      })(),
    );
  }
  // Waits until the readers wait for the next notification.
  await nextTick();
  return {
    server,
    codex,
    /** Ends the turns, and returns everything that a user can see of them. */
    async seen() {
      for (const [index, threadId] of THREADS.entries()) {
        server.notify(...messageCompleted(threadId, `u-${threadId}`, `answer ${index}`));
        server.notify(...turnCompleted(threadId, `u-${threadId}`));
      }
      await Promise.all(readers);
      const late: unknown[][] = [];
      for (const turn of turns) {
        const events: unknown[] = [];
        for await (const event of turn.stream()) events.push(event);
        late.push(events);
      }
      const results = await Promise.all(turns.map((turn) => turn.run()));
      const said = warnings.map(({ code, message }) => [code, message]);
      await codex.close();
      return { live, late, results, warnings: said };
    },
  };
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const json = JSON.stringify;

/** The same text with different escapes. */
const escapes: ((text: string) => string)[] = [
  json,
  (text) => json(text).replaceAll("/", "\\/"),
  (text) => `"${[...Array(text.length).keys()].map((index) => escaped(text, index)).join("")}"`,
];

function escaped(text: string, index: number): string {
  return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
}

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("a", " the", "\n", '"', "\\", '"}}', "é", "😀", "\ud83d"),
  },
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    '"},"emittedAtMs":1700000000000}',
    '{"method":"item/agentMessage/delta","params":{',
    "long enough that a cut of it would keep the whole line",
  ),
);

interface Parts {
  readonly method: string;
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
  /** A JSON string. */
  readonly delta: string;
}

/** The form that servers write, and forms near it. */
const forms: ((parts: Parts) => string)[] = [
  form('"emittedAtMs":1700000000001'),
  form('"emittedAtMs":1700000000002'),
  form(""),
  form('"emittedAtMs":17'),
  form('"emittedAtMs":1700000000000.5'),
  form('"emittedAtMs":0700000000000'),
  form('"emittedAtMs":1700000000003,"other":{"}}":1}'),
  form('"emittedAtMs":1700000000004', '"extra":"x"'),
  form("", '"contentIndex":0'),
  form("", '"delta":"again"'),
  (parts) => `${form('"emittedAtMs":1700000000005')(parts)} `,
  ({ method, threadId, turnId, itemId, delta }) =>
    `{"params":{"itemId":${json(itemId)},"threadId":${json(threadId)},"delta":${delta},"turnId":${json(turnId)}},"method":${json(method)}}`,
  ({ method, threadId, turnId, itemId }) =>
    `{"method":${json(method)},"params":{"threadId":${json(threadId)},"turnId":${json(turnId)},"itemId":${json(itemId)},"delta":null},"emittedAtMs":1700000000000}`,
];

function form(after: string, inside = ""): (parts: Parts) => string {
  return ({ method, threadId, turnId, itemId, delta }) =>
    `{"method":${json(method)},"params":{"threadId":${json(threadId)},"turnId":${json(turnId)},` +
    `"itemId":${json(itemId)},"delta":${delta}${inside && ","}${inside}}${after && ","}${after}}`;
}

const deltaLine = fc
  .record({
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constant(METHODS[0] ?? "") },
      fc.constantFrom(...METHODS),
    ),
    thread: fc.constantFrom(...THREADS, "t3"),
    otherTurn: fc.constantFrom(false, false, false, true),
    itemId: fc.constantFrom("m1", "m1", "m2", 'm"3'),
    text: piece,
    encode: fc.oneof({ weight: 3, arbitrary: fc.constant(json) }, fc.constantFrom(...escapes)),
    write: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...forms.slice(0, 3)) },
      fc.constantFrom(...forms),
    ),
  })
  .map(({ method, thread, otherTurn, itemId, text, encode, write }) =>
    write({
      method,
      threadId: thread,
      turnId: otherTurn ? "u-other" : `u-${thread}`,
      itemId,
      delta: encode(text),
    }),
  );

/** A line of which one character was lost, doubled or replaced. */
const damagedLine = fc
  .tuple(deltaLine, fc.nat(), fc.constantFrom("", '"', "\\", "}", "\u0001", "x"))
  .map(([line, place, put]) => {
    const at = place % line.length;
    return line.slice(0, at) + put + line.slice(at + 1);
  });

const itemLine = fc
  .tuple(fc.constantFrom(...THREADS), fc.constantFrom("m1", "m2"), fc.string())
  .map(([threadId, id, text]) =>
    json({
      method: "item/completed",
      params: { threadId, turnId: `u-${threadId}`, item: { type: "agentMessage", id, text } },
    }),
  );

const line = fc.oneof(
  { weight: 12, arbitrary: deltaLine },
  { weight: 1, arbitrary: damagedLine },
  { weight: 1, arbitrary: itemLine },
);

/** Lines that arrive together, before any reader runs. */
const batches = fc.array(fc.array(line, { minLength: 1, maxLength: 5 }), { maxLength: 12 });

describe("deltas that are not parsed", () => {
  it("are seen by readers as if they were", async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (sent) => {
        const clients = [await client({ parses: false }), await client({ parses: true })];
        for (const batch of sent) {
          for (const { server } of clients) for (const text of batch) server.sendText(text);
          await nextTick();
        }
        const [fast, plain] = await Promise.all(clients.map((one) => one.seen()));
        expect(fast).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it("are seen so wherever their bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat()), async (sent, places) => {
        const bytes = Buffer.from(
          sent
            .flat()
            .map((text) => `${text}\n`)
            .join(""),
        );
        const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
        const clients = [await client({ parses: false }), await client({ parses: true })];
        for (const { server } of clients) {
          const lines = new LineSplitter((text) => server.sendText(text));
          for (const [index, start] of [0, ...cuts].entries()) {
            lines.push(bytes.subarray(start, cuts[index] ?? bytes.length));
          }
        }
        const [fast, plain] = await Promise.all(clients.map((one) => one.seen()));
        expect(fast).toEqual(plain);
      }),
    );
  });

  it("are those without a listener", async () => {
    const { server, codex, seen } = await client({ parses: false });
    const parse = vi.spyOn(JSON, "parse");
    const deltasParsed = () => {
      parse.mockClear();
      for (const threadId of THREADS) server.notify(...messageDelta(threadId, "u-other", "x"));
      parse.mockClear();
      for (const [index, threadId] of [...THREADS, ...THREADS].entries()) {
        server.notify(...messageDelta(threadId, `u-${threadId}`, `text ${index}`));
      }
      return parse.mock.calls.filter(([text]) => text.includes('"text ')).length;
    };
    expect(deltasParsed()).toBe(0);
    const listening = codex.on("item/agentMessage/delta", () => {});
    expect(deltasParsed()).toBe(4);
    listening[Symbol.dispose]();
    expect(deltasParsed()).toBe(0);
    const all = codex.notifications();
    expect(deltasParsed()).toBe(4);
    await all.return?.();
    expect(deltasParsed()).toBe(0);
    await seen();
  });
});
