import { expect, it, vi } from "vitest";
import { EventLog } from "../../../src/web/event-log.ts";
import { jsonPieces } from "../../../src/web/json-pieces.ts";
import { Streams } from "../../../src/web/streams.ts";
import { collectGarbage } from "../../support/garbage.ts";

const MB = 1024 * 1024;
const LIMITS = { streams: 50, streamsPerClient: 50 };

interface State {
  readonly texts: readonly string[];
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

function open(streams: Streams, log: EventLog<State>): Reader {
  const { signal } = new AbortController();
  const mayContinue = async () => true;
  const request = { client: "alice", signal, log, after: undefined, mayContinue, onEnd() {} };
  return streams.open(request).getReader();
}

async function next(reader: Reader): Promise<string> {
  return new TextDecoder().decode((await reader.read()).value);
}

/** Reads until an event is complete. */
async function event(reader: Reader, start = ""): Promise<string> {
  let text = start;
  while (!text.endsWith("\n\n")) text += await next(reader);
  return text;
}

async function held(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it("streams that aren't read keep one copy of the state together, even if large changes come between them", async () => {
  const streams = new Streams(LIMITS);
  const kept = Array.from({ length: 4 }, (_, index) => String(index).repeat(MB));
  const log = new EventLog<State>({ texts: kept }, MB);
  const before = await held();
  const unsent: unknown[] = [];
  for (let count = 0; count < 30; count++) {
    const reader = open(streams, log);
    // What an adapter reads, and keeps until the connection accepts it.
    for (let reads = 0; reads < 2; reads++) unsent.push(await reader.read());
    // Larger than the log, so that the next reader needs the whole state.
    log.publish({ texts: [...kept, String(count).padEnd(MB)] });
  }
  expect(await held()).toBeLessThan(before + 60 * MB);
  streams.close();
  expect(unsent).toHaveLength(60);
}, 30_000);

it("a log with one reader keeps no encoded copy of a large state", async () => {
  const streams = new Streams(LIMITS);
  const state: State = { texts: ["x".repeat(MB)] };
  const before = await held();
  const unsent: unknown[] = [];
  for (let count = 0; count < 30; count++) {
    const reader = open(streams, new EventLog(state, MB, { isShared: false }));
    for (let reads = 0; reads < 2; reads++) unsent.push(await reader.read());
  }
  expect(await held()).toBeLessThan(before + 10 * MB);
  streams.close();
  expect(unsent).toHaveLength(60);
});

it("a reader that continues late gets the state of which it has the beginning, and then the newest one", async () => {
  const streams = new Streams(LIMITS);
  const state = { texts: ['"é\u0000\\'.repeat(40_000), "😀".repeat(40_000)] };
  const log = new EventLog<State>(state, 1_000);
  const slow = open(streams, log);
  expect(await next(slow)).toBe(":\n\n");
  const start = await next(slow);
  const later = { texts: ["x".repeat(MB)] };
  log.publish(later);
  const quick = open(streams, log);
  await next(quick);
  const newest = await event(quick);
  expect(newest).toBe(`id: ${log.id}.1\ndata: ${JSON.stringify({ state: later })}\n\n`);
  const first = await event(slow, start);
  expect(first).toBe(`id: ${log.id}.0\ndata: ${JSON.stringify({ state })}\n\n`);
  expect(await event(slow)).toBe(newest);
  streams.close();
});

it("a reader that takes longer than ten minutes for one event is disconnected", async () => {
  vi.useFakeTimers();
  const streams = new Streams(LIMITS);
  const reader = open(streams, new EventLog<State>({ texts: ["x".repeat(4 * MB)] }, MB));
  for (let minutes = 0; minutes < 10; minutes += 0.5) {
    expect(streams.size).toBe(1);
    await next(reader);
    await vi.advanceTimersByTimeAsync(30_000);
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect(streams.size).toBe(0);
  vi.useRealTimers();
});

it("JSON in pieces is the same as in one", () => {
  const long = "a\n\ud83d😀\udc00".repeat(20_000);
  const values = [
    { a: [1, null, true, {}, []], b: undefined, __proto: "", "k\n": [undefined, Number.NaN, -0] },
    { long, nested: [[[long]], { [long.slice(0, 100)]: long.slice(1) }] },
    `${"x".repeat(16 * 1024 - 1)}😀`,
    `${"x".repeat(16 * 1024 - 1)}\ud83d`,
    null,
    [],
  ];
  for (const value of values) {
    const pieces = [...jsonPieces(value, Number.POSITIVE_INFINITY)];
    // Not `toBe`, which would print the texts.
    expect(pieces.join("") === JSON.stringify(value)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(120_000);
  }
  expect([...jsonPieces([[[1]], { a: {} }], 2)].join("")).toBe('[[null],{"a":null}]');
});
