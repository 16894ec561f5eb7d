import { describe, expect, it } from "vitest";
import { wrapWords } from "../../../src/cli/cells.ts";
import { coloured, outputText, show } from "../../../src/cli/text.ts";
import { WordWrap, wrapped } from "../../../src/cli/word-wrap.ts";

const screen = { isTTY: true, columns: 20 };
const lines = (text: string, columns = 20) =>
  wrapped(outputText(text), { isTTY: true, columns }).split("\n");

describe("wrapped", () => {
  it("breaks lines between words", () => {
    expect(lines("The words of a line stay whole.")).toEqual([
      "The words of a line",
      "stay whole.",
    ]);
  });

  it("fills a row to its last column", () => {
    expect(lines("aaaaaaaaa bbbbbbbbbb cc")).toEqual(["aaaaaaaaa bbbbbbbbbb", "cc"]);
  });

  it("keeps the indentation of the line, and every short line as it is", () => {
    const text = "  one two three four five\n\n    a  b \n";
    expect(lines(text)).toEqual(["  one two three four", "  five", "", "    a  b ", ""]);
  });

  it("cuts an indentation that leaves no room for a word", () => {
    expect(lines(`${" ".repeat(15)}indented`)).toEqual([`  indented`]);
  });

  it("leaves a word that is longer than a row to the terminal", () => {
    const word = "x".repeat(30);
    expect(lines(`a ${word} b`)).toEqual(["a", `${word} b`]);
  });

  it("counts cells, not characters", () => {
    expect(lines("日本語 日本語 日本語", 13)).toEqual(["日本語 日本語", "日本語"]);
    expect(lines("Привет, мир, как дела", 12)).toEqual(["Привет, мир,", "как дела"]);
    const dim = coloured("dim", show`one two`);
    expect(wrapped(dim, { isTTY: true, columns: 7 })).toBe(dim);
  });

  it("changes nothing without a terminal", () => {
    const text = outputText("x ".repeat(100));
    expect(wrapped(text, { columns: 20 })).toBe(text);
  });
});

describe("WordWrap", () => {
  it("breaks lines the same way, however the text is split", () => {
    const text =
      "  Some words, **bold** ones\n\nand an endless one: xxxxxxxxxxxxxxxxxxxxxxxxxxxx end";
    const whole = wrapped(outputText(text), screen);
    for (const size of [1, 2, 3, 7]) {
      const wrap = new WordWrap(screen);
      const parts = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      const rows = parts.map((part) => wrap.add(outputText(part))).join("") + wrap.flush();
      expect(rows).toBe(whole);
    }
  });

  it("returns a word when it has ended", () => {
    const wrap = new WordWrap(screen);
    expect([wrap.add(show`Hel`), wrap.add(show`lo `), wrap.flush()]).toEqual(["", "Hello", " "]);
  });
});

describe("wrapWords", () => {
  it.each([
    ["yes, and always allow", ["yes, and ", "always ", "allow"]],
    ["abcdefghijkl mno", ["abcdefghij", "kl mno"]],
    ["ab            cd", ["ab        ", "    cd"]],
    ["", [""]],
  ])("%j", (line, rows) => {
    expect(wrapWords(outputText(` ${line}`).slice(1) as never, 10)).toEqual(rows);
  });
});
