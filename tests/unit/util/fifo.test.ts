import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "../../../src/util/fifo.ts";

it("a queue returns its entries in order, without the removed ones", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant("push") },
    { weight: 4, arbitrary: fc.constant("shift") },
    { weight: 3, arbitrary: fc.nat(10) },
    { weight: 1, arbitrary: fc.constant("clear") },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new Fifo<object>();
      const model: object[] = [];
      for (const [n, one] of steps.entries()) {
        if (one === "push") {
          const entry = { n };
          queue.push(entry);
          model.push(entry);
        } else if (one === "shift") {
          expect(queue.shift()).toBe(model.shift());
        } else if (one === "clear") {
          queue.clear();
          model.length = 0;
        } else {
          const [entry = {}] = model.splice(Number(one), 1);
          expect(queue.remove(entry)).toBe("n" in entry);
        }
        expect(queue.size).toBe(model.length);
        expect([...queue]).toEqual(model);
      }
    }),
  );
});

it("a queue of 200,000 is quickly emptied from both sides", () => {
  const queue = new Fifo<object>();
  const entries = Array.from({ length: 200_000 }, (_, n) => ({ n }));
  for (const entry of entries) queue.push(entry);
  const start = performance.now();
  let inOrder = 0;
  for (let n = 0; n < 100_000; n++) {
    if (queue.shift() === entries[n]) inOrder++;
    queue.remove(entries[199_999 - n] ?? {});
  }
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(inOrder).toBe(100_000);
  expect(queue.shift()).toBeUndefined();
});

it("a queue doesn't keep removed entries alive", async () => {
  const queue = new Fifo<object>();
  const gone: WeakRef<object>[] = [];
  for (let n = 0; n < 100; n++) {
    const entry = { n };
    gone.push(new WeakRef(entry));
    queue.push(entry);
    if (n % 2 === 0) queue.shift();
    else queue.remove(entry);
  }
  queue.push({});
  await setImmediate();
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  expect(gone.filter((entry) => entry.deref()).length).toBeLessThanOrEqual(1);
});
