import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextStore } from "../../../src/turn/text-store.ts";

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 8 }) },
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: "grapheme", minLength: 50, maxLength: 200 }),
  fc.constantFrom("é", "\u00ff", "\u0100", "😀", "\ud83d", "x".repeat(255), "日本".repeat(40), ""),
);

function storeOf(pieces: readonly string[]): TextStore {
  const store = new TextStore();
  for (const one of pieces) store.append(one);
  return store;
}

describe("a text store", () => {
  it("has everything that was appended, from any position, and can grow after it was trimmed", () => {
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), fc.nat(), (pieces, more, place) => {
        const text = pieces.join("");
        const store = storeOf(pieces);
        const offset = place % (text.length + 1);
        expect(store.length).toBe(text.length);
        expect(store.from(offset)).toBe(text.slice(offset));
        store.trim();
        expect(store.from(offset)).toBe(text.slice(offset));
        for (const one of more) store.append(one);
        expect(store.from(offset)).toBe((text + more.join("")).slice(offset));
      }),
    );
  });

  it("shares a text with another holder only if it is the same", () => {
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), fc.string(), (pieces, more, before) => {
        const text = pieces.join("");
        const store = storeOf(pieces);
        const whole = before + text + more.join("");
        expect(store.share(whole, before.length)).toBe(true);
        for (const one of more) store.append(one);
        expect(store.from(0)).toBe(text + more.join(""));
        const other = storeOf([text]);
        other.share(`${"y".repeat(text.length)}`, 0);
        expect(other.from(0)).toBe(text);
      }),
    );
  });
});
