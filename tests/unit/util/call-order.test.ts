import { expect, test } from "vitest";
import { CallOrder } from "../../../src/util/call-order.ts";

const readersAndWriters = () => new CallOrder({ read: ["write"], write: ["read", "write"] });

test("a call waits for the earlier ones of its kinds, and for no others", async () => {
  const order = readersAndWriters();
  const first = order.enter("read");
  const second = order.enter("read");
  const write = order.enter("write");
  const last = order.enter("read");
  expect([first, second, write, last].map(({ isReady }) => isReady)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const written = write.ready(undefined);
  second[Symbol.dispose]();
  expect(write.isReady).toBe(false);
  first[Symbol.dispose]();
  await written;
  write[Symbol.dispose]();
  expect(last.isReady).toBe(true);
});

test("a call that leaves while it waits doesn't free the calls after it from the ones before it", async () => {
  const order = readersAndWriters();
  const first = order.enter("read");
  const second = order.enter("write");
  const third = order.enter("write");
  const over = new AbortController();
  const gone = second.ready(over.signal);
  const waiting = third.ready(undefined);
  over.abort(new Error("enough"));
  await expect(gone).rejects.toThrow("enough");
  second[Symbol.dispose]();
  expect(third.isReady).toBe(false);
  first[Symbol.dispose]();
  await waiting;
});

test("calls that begin to wait in another order become ready in the order of their places", async () => {
  const order = new CallOrder({ start: ["change"], change: ["change", "start"] });
  const first = order.enter("change");
  const start = order.enter("start");
  const second = order.enter("change");
  const late = order.enter("start");
  const waits = [late.ready(undefined), second.ready(undefined), start.ready(undefined)];
  first[Symbol.dispose]();
  await waits[2];
  start[Symbol.dispose]();
  await waits[1];
  second[Symbol.dispose]();
  await waits[0];
  expect(late.isReady).toBe(true);
});

test("reports when the last call has left, and leaving twice changes nothing", () => {
  let times = 0;
  const order = new CallOrder({ write: ["write"] }, () => times++);
  const first = order.enter("write");
  const second = order.enter("write");
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect([times, order.isEmpty]).toEqual([0, false]);
  second[Symbol.dispose]();
  expect([times, order.isEmpty]).toEqual([1, true]);
});

test("40,000 calls that wait for each other take time in proportion to their number", async () => {
  const order = readersAndWriters();
  const places = Array.from({ length: 40_000 }, (_, index) =>
    order.enter(index % 2 === 0 ? "read" : "write"),
  );
  const waits = places.map((place) => place.ready(undefined));
  // With quadratic work this test would exceed its time limit.
  for (const [index, place] of places.entries()) {
    await waits[index];
    place[Symbol.dispose]();
  }
  expect(order.isEmpty).toBe(true);
});
