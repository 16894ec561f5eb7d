import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { EventLog } from "../../../src/turn/event-log.ts";
import { TurnFailedError, TurnResult } from "../../../src/turn/result.ts";
import { TurnRecord } from "../../../src/turn/turn-record.ts";

const quiet = { ended: () => {}, learned: () => {}, retrying: () => {} };

const METHODS = [
  "turn/started",
  "turn/completed",
  "item/started",
  "item/completed",
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/reasoning/summaryPartAdded",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
  "item/fileChange/patchUpdated",
  "turn/diff/updated",
  "thread/tokenUsage/updated",
  "error",
  "__proto__",
  "constructor",
];
const TYPES = ["agentMessage", "plan", "reasoning", "commandExecution", "fileChange", "new", null];

/** JSON in a place where something else is expected. */
const anything = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "text", "") },
  fc.constantFrom(
    null,
    undefined,
    0,
    1,
    5.5,
    -1,
    1e9,
    true,
    [],
    {},
    [null],
    "__proto__",
    "toString",
  ),
  fc.constantFrom(
    ...['{"toString":null,"valueOf":null}', '{"__proto__":{"id":"a"}}', '{"length":5}'].map(
      (text) => JSON.parse(text),
    ),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

const item = fc.oneof(
  {
    weight: 6,
    arbitrary: record({ type: fc.constantFrom(...TYPES), id: fc.constantFrom("a", "b") }),
  },
  anything,
);

/** Objects with some of the members that a client reads, foreign ones or those given. */
function record(given: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const members = [
    "id",
    "type",
    "text",
    "phase",
    "summary",
    "content",
    "aggregatedOutput",
    "status",
  ];
  return fc.record(
    { ...Object.fromEntries(members.map((name) => [name, anything])), ...given },
    { requiredKeys: Object.keys(given) },
  );
}

const params = fc.oneof(
  { weight: 2, arbitrary: anything },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        threadId: fc.constant("t"),
        turnId: fc.constant("u"),
        itemId: fc.oneof(fc.constantFrom("a", "b"), anything),
        delta: fc.oneof(fc.string(), anything),
        item,
        turn: fc.oneof(
          anything,
          fc.record({
            status: anything,
            error: anything,
            items: fc.oneof(fc.array(item), anything),
          }),
        ),
        summaryIndex: anything,
        contentIndex: anything,
        willRetry: anything,
        error: anything,
        changes: anything,
        diff: anything,
      },
      { requiredKeys: [] },
    ),
  },
);

const notification: fc.Arbitrary<Notification> = fc.record({
  method: fc.constantFrom(...METHODS),
  params,
});

const steps = fc.array(fc.oneof({ weight: 9, arbitrary: notification }, fc.constant("missed")));

describe("any data that a server sends about a turn", () => {
  it("is accepted without an error, and read by all readers, early and late, with and without a gap", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sent) => {
        const turn = new TurnRecord("t", "u", quiet, { retain: true });
        const early = [drain(turn.read()), drain(turn.readText())];
        for (const one of sent) {
          if (one === "missed") turn.missed();
          else turn.accept(structuredClone(one) as Notification);
          JSON.stringify(turn.state);
          turn.items();
          turn.openCommands();
        }
        turn.accept({ method: "turn/completed", params: { turn: { status: "failed" } } });
        const result = new TurnResult(turn, await turn.outcome);
        if (result.status !== "completed") {
          expect(() => result.throwIfFailed()).toThrow(TurnFailedError);
        }
        const [events, texts] = await Promise.all(early);
        const [late, lateTexts] = [await drain(turn.read()), await drain(turn.readText())];
        expect(lateTexts?.join("")).toBe(texts?.join(""));
        expect(late.length).toBeLessThanOrEqual(events?.length ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it("is passed on unchanged by a log that retains nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(notification), async (sent) => {
        const log = new EventLog({ retain: false });
        const reading = drain(log.read());
        for (const one of sent) {
          log.append(one);
          await new Promise((resolve) => setImmediate(resolve));
        }
        log.end();
        const empty = (one: Notification) =>
          (one.params as { delta?: unknown } | null)?.delta === "";
        expect((await reading).filter((one) => !empty(one))).toEqual(
          sent.filter((one) => !empty(one)),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("a result of foreign data", () => {
  const unreadable = JSON.parse('{"toString":null,"valueOf":null}');

  it.each([
    ...[null, 5, "x", [], {}, unreadable, { message: 5 }, { message: unreadable }],
    ...[
      { message: "x", additionalDetails: unreadable },
      { message: "x", codexErrorInfo: [] },
    ],
    ...[
      { message: "x", codexErrorInfo: unreadable },
      { message: "x", codexErrorInfo: 5 },
    ],
  ])("names the error %j as far as it can be read", (error) => {
    const record = new TurnRecord("t", "u", quiet, { retain: true });
    const turn = { status: "failed", error, startedAt: unreadable, completedAt: "x" };
    record.accept({ method: "turn/completed", params: { turn } });
    const result = new TurnResult(record, record.state);
    expect(result).toMatchObject({ startedAt: null, completedAt: null });
    expect(() => result.throwIfFailed()).toThrow(TurnFailedError);
  });
});

async function drain<T>(reader: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of reader) all.push(one);
  return all;
}
