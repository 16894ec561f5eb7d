import fc from "fast-check";
import { expect, test } from "vitest";
import { DeltaJoiner } from "../../../src/trace/delta-joiner.ts";

const MOST_DELTAS = 8;
const MOST_CHARS = 128;

const delta = fc.record({
  text: fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: "binary-ascii", maxLength: MOST_CHARS }),
  ),
  isPlain: fc.boolean(),
});

test("joined deltas have the texts, the lengths and the escapes of each", () => {
  const joiner = new DeltaJoiner(MOST_DELTAS, MOST_CHARS);
  const deltas = fc.array(delta, { minLength: 1, maxLength: MOST_DELTAS });
  fc.assert(
    fc.property(deltas, (some) => {
      expect(joiner.join(some)).toEqual({
        text: some.map(({ text }) => text).join(""),
        lengths: some.map(({ text }) => text.length).join(","),
        isPlain: some.every(({ isPlain }) => isPlain),
      });
    }),
  );
});
