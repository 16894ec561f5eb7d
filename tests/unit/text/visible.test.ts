import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine, escapeVisible, unescapeVisible } from "../../../src/text/visible.ts";
import { expectVisible, HOSTILE, hostileText } from "../../support/hostile.ts";

describe("escapeVisible", () => {
  it.each([
    ["touch X #\rls -la", "touch X #\\rls -la"],
    ["a\x1b[2J\0\x7f\x9b\x85", "a\\x1b[2J\\x00\\x7f\\x9b\\x85"],
    ["r\u200bm\u202e\u2066\u{e0041}", "r\\u{200b}m\\u{202e}\\u{2066}\\u{e0041}"],
    ["\u3164\uffa0\u115f\u1160\u2800", "\\u{3164}\\u{ffa0}\\u{115f}\\u{1160}\\u{2800}"],
    ["a\ufdfdb\u{1242b}\ua9c5", "a\\u{fdfd}b\\u{1242b}\\u{a9c5}"],
    ["\u00ad\ufe0f\u{e0100}\u00a0\u2003\u202f\u205f\u3000", null],
    ["a\tb\\n\nc\u2028\u2029", "a\\tb\\\\n\nc\\u{2028}\\u{2029}"],
    ["\ud800\udc00\ud800x\udc00\ue000\u0378", "\u{10000}\\u{d800}x\\u{dc00}\\u{e000}\\u{378}"],
    ["=\u0338 e\u0301 \u0301", "=\\u{338} e\u0301 \\u{301}"],
    ["a\u0363 x\u0301 e\u0301\u0323", "a\\u{363} x\\u{301} e\u0301\\u{323}"],
    ["é\u{16fe4} अ\u{1107f} é\u0e49", "é\\u{16fe4} अ\\u{1107f} é\\u{e49}"],
    ["ก\u{1107f}\u0e49", "ก\\u{1107f}\\u{e49}"],
    ["ក\u17d2 ក\u17d2ខ က\u1039x", "ក\\u{17d2} ក\u17d2ខ က\\u{1039}x"],
    ["a\u1161 한\u1161 \u1112\u11ab", "a\\u{1161} 한\\u{1161} \u1112\\u{11ab}"],
    ["日本語 é ก้ \u{1f600}", "日本語 é ก้ \u{1f600}"],
    ["ก้้", "ก้\\u{e49}"],
    ["ก\u0e34\u0e35\u0e36\u0e37\u0e38", "ก\u0e34\u0e35\u0e36\u0e37\\u{e38}"],
  ])("%j", (text, shown) => {
    const escaped = escapeVisible(text);
    if (shown !== null) expect(escaped).toBe(shown);
    expectVisible(escaped);
    expect(unescapeVisible(escaped)).toBe(text);
  });

  it("decodes to the exact text, and is visible, for any text", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = escapeVisible(text);
        expectVisible(shown);
        expect(unescapeVisible(shown)).toBe(text);
        expect(decoded(shown)).toBe(text);
        expect(shown.split("\n").length).toBe(text.split("\n").length);
        expect(unescapeVisible(escapeVisible(shown))).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it("shows every code point in a form that decodes", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      const shown = escapeVisible(`a${character}`);
      const isBare = /\p{Mn}/u.test(shown) && [...shown.normalize("NFC")].length > 1;
      if (unescapeVisible(shown) !== `a${character}` || isBare) {
        expect(`U+${code.toString(16)}: ${shown}`).toBe("decodable");
      }
    }
  });
});

describe("marks", () => {
  it.each([
    ["Hindi", "हिन्दी क्षत्रिय संदेश कि"],
    ["Thai", "ภาษาไทย น้ำ ที่นี่ ก้าวหน้า"],
    ["Arabic", "مُحَمَّد العَرَبِيَّة"],
    ["Hebrew", "שָׁלוֹם עֲלֵיכֶם"],
    ["accented Latin, decomposed", "Résumé naïve Ngữ pháp tiếng Việt".normalize("NFD")],
    ["Cyrillic and Greek, decomposed", "йё άΐ".normalize("NFD")],
    ["Japanese, decomposed", "がぎパピ".normalize("NFD")],
    ["Korean, decomposed", "한국어".normalize("NFD")],
    ["Khmer", "ភាសាខ្មែរ"],
    ["Burmese", "ဗုဒ္ဓဘာသာ"],
    ["Bengali", "বাংলা ক্ষ"],
    ["Tamil", "தமிழ்"],
    ["Tibetan", "བོད་སྐད"],
  ])("are readable in %s", (_, text) => {
    expect(escapeVisible(text)).toBe(text);
  });

  it("are escaped after what isn't a letter that they belong to, for every code point", () => {
    const wrong: string[] = [];
    // Letters, each with the scripts whose marks can belong to it.
    const strangers: [base: string, own: RegExp][] = [
      ["x", /(?!)/u],
      ["é", /\p{scx=Latin}/u],
      ["ก", /\p{scx=Thai}/u],
      ["अ", /\p{scx=Devanagari}/u],
      ["日", /\p{scx=Han}/u],
      ["Ꭰ", /(?!)/u],
      ["1", /(?!)/u],
      [")", /(?!)/u],
    ];
    for (let code = 0x80; code <= 0x10ffff; code++) {
      const mark = String.fromCodePoint(code);
      if (!/\p{M}/u.test(mark) && !/[\u1160-\u11ff\ud7b0-\ud7ff]/.test(mark)) continue;
      for (const [base, own] of strangers) {
        const isShown = escapeVisible(base + mark) === base + mark;
        const isLetter = [...(base + mark).normalize("NFC")].length === 1;
        if (isShown && !isLetter && !own.test(mark)) wrong.push(`${base}U+${code.toString(16)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("escapeLine", () => {
  it("is one line, which decodes to the exact text", () => {
    expect(escapeLine("a\nb\r\n")).toBe("a\\nb\\r\\n");
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = escapeLine(text);
        expectVisible(shown);
        expect(shown).not.toContain("\n");
        expect(unescapeVisible(shown)).toBe(text);
      }),
    );
  });

  it("changes nothing that a screen shows", () => {
    for (const text of HOSTILE) {
      if (/^[a-z'"`{}[\]:,= -]*$/i.test(text)) expect(escapeLine(text)).toBe(text);
    }
  });
});

/** An implementation that is independent of the library's own decoder. */
function decoded(shown: string): string {
  let text = "";
  for (let at = 0; at < shown.length; at++) {
    if (shown[at] !== "\\") {
      text += shown[at];
      continue;
    }
    const kind = shown[at + 1] ?? "";
    const code = /^\\(?:x(..)|u\{([^}]+)\})/.exec(shown.slice(at, at + 12));
    if (code) {
      text += String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? "", 16));
      at += code[0].length - 1;
    } else {
      text += { n: "\n", r: "\r", t: "\t", "\\": "\\" }[kind];
      at += 1;
    }
  }
  return text;
}
