import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patched, patchOf } from "../../../src/bridge/patch.ts";

/** The value that arrives at the other side. */
function sent<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

function roundTrip(before: unknown, after: unknown): unknown {
  const patch = patchOf(before, after);
  return patch === undefined ? sent(before) : patched(sent(before), sent(patch));
}

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1.5, "", "a", "ab", "abc", "bc"),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.record({ id: fc.constantFrom("a", "b", "c", "d"), is: tie("value") })),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__", "id", "omitted", "tail"), tie("value")),
  ),
})).value;

describe("a patch", () => {
  it("turns any value into any other, over JSON", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(roundTrip(before, after)).toEqual(sent(after));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is none for values that are the same JSON", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(roundTrip(value, sent(value))).toEqual(sent(value));
      }),
    );
    const value = { list: [{ id: "a", is: [1, "x", null] }, { id: "b" }], text: "x" };
    expect(patchOf(value, sent(value))).toBeUndefined();
    expect(patchOf({ a: 1, b: undefined }, { a: 1 })).toBeUndefined();
    expect(patchOf({ a: 1 }, { a: 1, b: undefined })).toBeUndefined();
  });

  it("holds only what was added to a text, and leaves the other parts the same objects", () => {
    const entry = (id: string, text: string) => ({ id, text });
    const before = { turns: [entry("1", "x".repeat(1_000)), entry("2", "Hello")] };
    const after = { turns: [before.turns[0], entry("2", "Hello, you")] };
    const patch = patchOf(before, after) ?? [0, undefined];
    expect(patch).toEqual([2, { turns: [3, [[0, 2]], [[1, [2, { text: [1, 0, ", you"] }]]]] }]);
    const result = patched(before, patch) as typeof before;
    expect(result).toEqual(after);
    expect(result.turns[0]).toBe(before.turns[0]);
  });

  it("lets the end of a long output move on without sending it again", () => {
    const output = (omitted: number, tail: string) => ({ head: "begin", omitted, tail });
    const patch = patchOf(output(0, "0123456789"), output(4, "456789abcd"));
    expect(patch).toEqual([2, { omitted: [0, 4], tail: [1, 4, "abcd"] }]);
  });

  it("finds elements of a list by their ids, wherever they have moved", () => {
    const list = (...ids: string[]) => ids.map((id) => ({ id, text: id.repeat(50) }));
    const before = list("a", "b", "c", "d");
    const patch = patchOf(before, list("d", "new", "b", "c"));
    expect(patch).toEqual([3, [[3, 1], [{ id: "new", text: "new".repeat(50) }], [1, 2]]]);
  });

  it("turns a list into one that shares elements with it, wherever they are", () => {
    const element = fc.record({ id: fc.nat({ max: 5 }).map(String), is: fc.nat({ max: 2 }) });
    const lists = fc
      .array(fc.oneof(element, fc.constantFrom<unknown>(1, "a", null, ["x"])))
      .chain((all) => fc.tuple(fc.shuffledSubarray(all), fc.subarray(all), fc.constant(all)));
    fc.assert(
      fc.property(lists, fc.boolean(), ([mixed, some, all], isMixed) => {
        const other = isMixed ? mixed : some;
        expect(roundTrip(all, other)).toEqual(sent(other));
        expect(roundTrip(other, all)).toEqual(sent(all));
      }),
      { numRuns: 1_000 },
    );
  });

  it("compares no deeper than anything that is shown", () => {
    const nested = (leaf: number): unknown => {
      let value: unknown = leaf;
      for (let depth = 0; depth < 100_000; depth++) value = { value };
      return value;
    };
    expect(patchOf(nested(1), nested(2))).toBeDefined();
  });
});
