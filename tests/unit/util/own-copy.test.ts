import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { tool } from "../../../src/index.ts";
import { ownCopy } from "../../../src/util/own-copy.ts";

test("data is copied, whatever its members are called", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      const copy = ownCopy(data);
      expect(copy).toEqual(data);
      expect(JSON.stringify(copy)).toBe(JSON.stringify(data));
    }),
  );
  const hostile = JSON.parse('{"__proto__":{"a":1},"constructor":[2]}');
  const copy = ownCopy(hostile);
  expect(Object.getOwnPropertyDescriptor(copy, "__proto__")?.value).toEqual({ a: 1 });
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});

test("later changes to the original don't affect the copy at any depth", () => {
  const original = { config: { list: [{ value: 1 }] } };
  const copy = ownCopy(original);
  const [entry] = original.config.list;
  if (entry) entry.value = 2;
  original.config.list.push({ value: 3 });
  expect(copy).toEqual({ config: { list: [{ value: 1 }] } });
});

test("signals, tools, schemas of libraries and instances of classes stay the same objects", () => {
  const { signal } = new AbortController();
  const outputSchema = z.object({ a: z.string() });
  const weather = tool({
    name: "weather",
    description: "The weather",
    input: z.object({}),
    execute: () => "",
  });
  const when = new Date(0);
  const transport = { name: "own", connect: () => {} };
  const given = { signal, outputSchema, tools: [weather], when, transport };
  const copy = ownCopy(given);
  expect(copy).not.toBe(given);
  expect(copy.signal).toBe(signal);
  expect(copy.outputSchema).toBe(outputSchema);
  expect(copy.tools).not.toBe(given.tools);
  expect(copy.tools[0]).toBe(weather);
  expect(copy.when).toBe(when);
  expect(copy.transport).toBe(transport);
});

test("data that is deep, contains itself or the same object twice is copied too", () => {
  const deep: { inner?: unknown } = {};
  let place: { inner?: unknown } = deep;
  for (let level = 0; level < 100_000; level++) {
    const inner = {};
    place.inner = inner;
    place = inner;
  }
  place.inner = deep;
  let copy = ownCopy(deep);
  for (let level = 0; level < 100_000; level++) copy = copy.inner as typeof deep;
  // Comparing them otherwise would overflow the stack.
  expect(copy.inner === deep).toBe(false);
  const twice = { a: 1 };
  const [first, second] = ownCopy([twice, twice]);
  expect(first).toBe(second);
  expect(first).not.toBe(twice);
});

test("what decides how it is serialized stays, and the holes of a list do too", () => {
  const hidden = Object.defineProperty({ v: 1 }, "toJSON", { value: () => "hidden" });
  class Listed extends Array<number> {
    toJSON() {
      return "listed";
    }
  }
  const given = {
    hidden,
    list: Listed.from([1, 2]),
    holes: Object.assign(new Array(3), { 1: 1 }),
    empty: new Array(3),
  };
  expect(JSON.stringify(ownCopy(given))).toBe(JSON.stringify(given));
  expect(ownCopy(hidden)).toBe(hidden);
  expect(ownCopy(Object.assign([1], { some: 1, forEach: 2 }))).toEqual([1]);
});
