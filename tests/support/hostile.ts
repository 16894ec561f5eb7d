import fc from "fast-check";
import { expect } from "vitest";

/**
 * Characters that a screen hides, interprets or draws over others, and some with a meaning in
 * syntax.
 */
export const HOSTILE = [
  ...[
    "\r",
    "\n",
    "\t",
    "\0",
    "\b",
    "\x07",
    "\x1b",
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\x7f",
    "\x85",
    "\x9b",
  ],
  ...["\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u180e", "\u2003", "\u200b"],
  ...["\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\u202f", "\u205f", "\u2060", "\u2066"],
  ...["\u2800", "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffc", "\ue000"],
  ...["\u{1d159}", "\u{1d173}", "\u{e0041}", "\u{e0100}", "\u{f0000}", "\u{13441}", "\u0378"],
  ...["\u0301", "\u0338", "\u20dd", "\u0489", "\ud800", "\udc00", "\ud83d\ude00", "e\u0301"],
  ...["é\u{16fe4}", "अ\u{1107f}", "é\u0e49", "ក\u17d2", "\u1161", "\u1112\u1161\u11ab", "が"],
  ...["ก้", "ก้้้้้้", "\u05d0", "\u0915\u093f", "é", "日", "\\", "\\n", "\\x1b", "\\u{200b}", "\\\\"],
  ...["┃", "│", "┊", "'", '"', "`", "{", "}", "[", "]", ":", ",", "=", " ", "a", "-----BEGIN "],
  ...["__proto__", "constructor", "token=", "Bearer ", "sk-", "eyJ", "://", "@", "y\n"],
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 30 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);

/** Any JSON value, with hostile strings and names. */
export const hostileJson: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 4, stringUnit: "binary" })
  .chain((value) =>
    fc
      .dictionary(hostileText, fc.oneof(hostileText, fc.double(), fc.constant(value)), {
        maxKeys: 4,
      })
      .map((members) => JSON.parse(JSON.stringify({ ...members, value, nested: [members] }))),
  );

/** An object with an own member `__proto__`, as parsed JSON has it. */
export function withProto(value: unknown): object {
  return Object.defineProperty({}, "__proto__", { value, enumerable: true });
}

/** The JSON text of this many nested arrays. */
export function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

const SEEN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} \n]*$/u;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/u;

export function expectVisible(text: string): void {
  expect(text).toMatch(SEEN);
  expect(text).not.toMatch(UNSEEN);
  // A mark that fits any character would change the preceding one; those of "é" are part of it.
  const composed = text.replace(/\p{L}\p{M}+/gu, (letter) => letter.normalize("NFC"));
  expect(composed).not.toMatch(/[\p{Script_Extensions=Inherited}\p{Me}]/u);
}
