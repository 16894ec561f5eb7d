import fc from "fast-check";
import { expect, it } from "vitest";
import { digest } from "../../../src/rpc/digest.ts";

it.each([
  [[1, []], [[1]]],
  [{}, []],
  [{ a: 1 }, [1, "a"]],
  [{ a: { b: 1 } }, { a: 1, b: {} }],
  ["1", 1],
  [null, "null"],
  [undefined, null],
  [["a,b"], ["a", "b"]],
  ["\ud800", "\ufffd"],
  [
    { a: 1, b: 2 },
    { a: 2, b: 1 },
  ],
])("differs for %j and %j", (one, other) => {
  expect(digest(one).hash).not.toBe(digest(other).hash);
});

it("is the same only for values with the same JSON text", () => {
  const leaf = fc.constantFrom<unknown>(0, 1, "", "a", "0", null, true);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "0"), tie("value"), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, value, (one, other) => {
      const texts = [JSON.stringify(one), JSON.stringify(other)];
      expect(digest(one).hash === digest(other).hash).toBe(texts[0] === texts[1]);
      expect(digest(JSON.parse(texts[0] ?? "")).hash).toBe(digest(one).hash);
    }),
    { numRuns: 2_000 },
  );
});

it("accepts values of any depth and width, and returns their approximate size", () => {
  const depth = 100_000;
  const deep = JSON.parse("[".repeat(depth) + "]".repeat(depth));
  expect(digest(deep).hash).not.toBe(digest([deep]).hash);
  const wide = Array.from({ length: 200_000 }, (_, n) => `entry ${n}`);
  const { chars } = digest(wide);
  expect(chars / JSON.stringify(wide).length).toBeCloseTo(1, 1);
  expect(digest([...wide, 1]).hash).not.toBe(digest(wide).hash);
});

it("differs where a following number could be part of a size", () => {
  const texts = Array.from({ length: 20 }, (_, index) => `o${index}`);
  const reversed = (...list: unknown[]) => list.reverse();
  const one = reversed(15, reversed(7, ...texts));
  const other = reversed(5, reversed(17, texts[0]), ...texts.slice(1));
  expect(digest(one).hash).not.toBe(digest(other).hash);
});
