import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastStates, stripForOutput } from "../../../src/text/output-text.ts";
import { hostileText } from "../../support/hostile.ts";

describe("stripForOutput", () => {
  it.each([
    ["plain\ttext\n", "plain\ttext\n"],
    ["a\x1b[2Jb\x1b[31;1mc\x9b5md", "abcd"],
    ["a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x9dx\x9cd", "abcd"],
    ["a\x1bPq~\x1b\\b\x1b(Bc\x1bMd\x1b", "abcd"],
    ["a\x1b]unfinished", "aunfinished"],
    ["a\x1b[31", "a"],
    ["a\bb\0\x7f\u202ec\u2066\r\nd", "abc\nd"],
    ["👨‍👩‍👧 é ก้ שלום", "👨‍👩‍👧 é ก้ שלום"],
  ])("%j", (text, shown) => {
    expect(stripForOutput(text)).toBe(shown);
  });

  it("leaves no control but line feed and tab, whatever the text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(stripForOutput(text)).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

it.each([
  ["10%\r20%\r30%\nend\r\n", "30%\nend\n"],
  ["a\rb\r", "b"],
  ["\r\r\r", ""],
  ["no return\n", "no return\n"],
])("the last states of %j", (text, shown) => {
  expect(lastStates(text)).toBe(shown);
});
