import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EventLog } from "../../../src/web/event-log.ts";
import { Streams } from "../../../src/web/streams.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(mayContinue: () => Promise<boolean> = async () => true) {
  const streams = new Streams({ streams: 2, streamsPerClient: 2 });
  const log = new EventLog({ text: "a" }, 1_000);
  const onEnd = vi.fn();
  const { signal } = new AbortController();
  const request = { client: "alice", signal, log, after: undefined, mayContinue, onEnd };
  return { streams, log, onEnd, reader: streams.open(request).getReader() };
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value, done } = await reader.read();
  return done ? "end" : new TextDecoder().decode(value);
}

it("shows that the connection is alive while nothing happens", async () => {
  const { log, reader } = open();
  expect(await next(reader)).toBe(":\n\n");
  expect(await next(reader)).toBe(`id: ${log.id}.0\ndata: {"state":{"text":"a"}}\n\n`);
  const beat = next(reader);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await beat).toBe(":\n\n");
  const event = next(reader);
  log.publish({ text: "ab" });
  expect(await event).toBe(`id: ${log.id}.1\ndata: {"patch":[2,{"text":[1,0,"b"]}]}\n\n`);
});

it("ends immediately for a reader who left before it was opened", async () => {
  const streams = new Streams({ streams: 2, streamsPerClient: 2 });
  const log = new EventLog({ text: "a" }, 1_000);
  const onEnd = vi.fn();
  const request = { client: "alice", log, after: undefined, mayContinue: async () => true, onEnd };
  const body = streams.open({ ...request, signal: AbortSignal.abort() });
  expect(await next(body.getReader())).toBe("end");
  expect([streams.size, onEnd.mock.calls.length]).toEqual([0, 1]);
});

it("ends for a reader whose access was revoked", async () => {
  let may = true;
  const { streams, onEnd, reader } = open(async () => may);
  for (let count = 0; count < 2; count++) await next(reader);
  const waiting = next(reader);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await waiting).toBe(":\n\n");
  may = false;
  const last = Array.from({ length: 5 }, () => next(reader));
  await vi.advanceTimersByTimeAsync(25_000);
  expect((await Promise.all(last)).at(-1)).toBe("end");
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(streams.size).toBe(0);
});

it("ends for a reader who doesn't read for a minute, and not for one who has nothing to read", async () => {
  const { streams, onEnd, reader } = open();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(streams.size).toBe(1);
  await vi.advanceTimersByTimeAsync(15_000);
  expect([streams.size, onEnd.mock.calls.length]).toEqual([0, 1]);
  await expect(reader.read()).rejects.toThrow("stopped reading");
  const other = open();
  const all = (async () => {
    while ((await next(other.reader)) !== "end");
  })();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(other.streams.size).toBe(1);
  other.streams.close();
  await all;
});

it("ends immediately when a reader leaves, and when the log is closed", async () => {
  const { streams, reader, onEnd } = open();
  await reader.cancel();
  expect([streams.size, onEnd.mock.calls.length]).toEqual([0, 1]);
  const other = open();
  for (let count = 0; count < 2; count++) await next(other.reader);
  const last = next(other.reader);
  other.log.close();
  expect(await last).toBe("end");
  expect(other.streams.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
