import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { SharedSignals } from "../../../src/sync/shared-signals.ts";

function table() {
  const seen: unknown[] = [];
  const signals = new SharedSignals(
    (number, reason) => seen.push(["aborted", number, reason]),
    (number) => seen.push(["unused", number]),
  );
  return { signals, seen };
}

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("a signal has one listener for any number of uses, and none after the last", () => {
  const { signals, seen } = table();
  const { signal } = new AbortController();
  const numbers = Array.from({ length: 100 }, () => signals.use(signal));
  expect(new Set(numbers).size).toBe(1);
  expect(listeners(signal)).toBe(1);
  for (const number of numbers.slice(1)) signals.release(number);
  expect([listeners(signal), signals.size, seen]).toEqual([1, 1, []]);
  signals.release(numbers[0] as number);
  expect([listeners(signal), signals.size]).toEqual([0, 0]);
  expect(seen).toEqual([["unused", numbers[0]]]);
});

test("a signal that is used again gets another number", () => {
  const { signals } = table();
  const { signal } = new AbortController();
  const first = signals.use(signal);
  signals.release(first);
  expect(signals.use(signal)).not.toBe(first);
  expect(listeners(signal)).toBe(1);
});

test("an abort is reported once with its reason, and ends all uses", () => {
  const { signals, seen } = table();
  const controller = new AbortController();
  const number = signals.use(controller.signal);
  signals.use(controller.signal);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(seen).toEqual([["aborted", number, reason]]);
  signals.release(number);
  signals.release(number);
  expect(seen).toHaveLength(1);
  expect([listeners(controller.signal), signals.size]).toEqual([0, 0]);
});

test("clear() removes every listener without a report", () => {
  const { signals, seen } = table();
  const all = [new AbortController(), new AbortController()].map(({ signal }) => signal);
  const numbers = all.map((signal) => signals.use(signal));
  signals.clear();
  for (const number of numbers) signals.release(number);
  expect([all.map(listeners), signals.size, seen]).toEqual([[0, 0], 0, []]);
});
