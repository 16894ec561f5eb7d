import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pattern } from "../../../src/input/pattern/pattern.ts";

/** What patterns are made of, so that they meet the texts below often. */
const ATOMS = [
  "a",
  "b",
  ".",
  "\\d",
  "\\w",
  "\\s",
  "[ab]",
  "[^a]",
  "[a\\]-]",
  "\\n",
  "\\x61",
].concat([
  "é",
  "😀",
  "\\u{1F600}",
  "\\uD83D\\uDE00",
  "\\p{L}",
  "\\P{L}",
  "[\\p{L}1]",
  "\\/",
  "\\u0062",
  "\\t",
]);
const EDGES = ["^", "$", "\\b", "\\B"];
const QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{1,3}?"];
const OPENINGS = ["(", "(?:", "(?<name>", "(?=", "(?!", "(?<=", "(?<!"];

const { pattern } = fc.letrec<{ pattern: string; sequence: string; term: string }>((tie) => ({
  pattern: fc
    .array(tie("sequence"), { minLength: 1, maxLength: 3 })
    .map((options) => options.join("|")),
  sequence: fc.array(tie("term"), { maxLength: 4 }).map((terms) => terms.join("")),
  term: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc
      .tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS))
      .map((parts) => parts.join("")),
    fc.constantFrom(...EDGES),
    fc
      .tuple(fc.constantFrom(...OPENINGS), tie("pattern"), fc.constantFrom(...QUANTIFIERS))
      .map(([opening, body, quantifier]) => {
        return `${opening}${body})${/^\(\?<?[=!]/.test(opening) ? "" : quantifier}`;
      }),
  ),
}));

const text = fc
  .array(fc.constantFrom("a", "b", "1", " ", "\n", "é", "😀", "-", "]", "漢", "_", "/", "\t"), {
    maxLength: 8,
  })
  .map((characters) => characters.join(""));

/**
 * The engine's own verdict; undefined for what it refuses, such as a name that is given twice. Tried
 * at each character, as searching makes V8 stop between the halves of one, too.
 */
function native(source: string, given: string): boolean | undefined {
  try {
    const expression = new RegExp(source, "uy");
    const starts = [...given].map((_, index, all) => all.slice(0, index).join("").length);
    return [...starts, given.length].some((start) => {
      expression.lastIndex = start;
      return expression.test(given);
    });
  } catch {
    return undefined;
  }
}

test("agrees with the engine's regular expressions", () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 4, maxLength: 4 }), (source, texts) => {
      fc.pre(native(source, "") !== undefined);
      const compiled = new Pattern(source);
      for (const given of texts) {
        expect([source, given, compiled.test(given)]).toEqual([
          source,
          given,
          native(source, given),
        ]);
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  "^[a-z0-9]+(?:-[a-z0-9]+)*$",
  "^(?=.{1,10}$)[a-z]+@[a-z]+\\.[a-z]{2,}$",
  "^(?!.*\\.\\.)\\S+$",
  "^P(?:(\\d+W)|(?!.*W)(?=\\d|T\\d)(\\d+Y)?(T(?=\\d)(\\d+H)?)?)$",
  "(?<=\\$)\\d+(?!\\d|\\.)",
  "^$",
  "",
  "a{3}",
  "(?:)*b",
])("agrees with it on %s", (source) => {
  const compiled = new Pattern(source);
  for (const given of [
    "",
    "a",
    "aaa",
    "ab-cd",
    "a@b.cd",
    "a..b",
    "P1W",
    "P1YT2H",
    "$12.",
    "$12",
    "b",
  ]) {
    expect([given, compiled.test(given)]).toEqual([given, native(source, given)]);
  }
});

describe("takes time in proportion to the text", () => {
  test.each([
    ["^(a+)+$", "a"],
    ["^(a|a)*$", "a"],
    ["^(a*)*$", "a"],
    ["(a|aa)+$", "a"],
    ["\\s+$", " "],
    ["a.*b.*c.*d", "ab"],
    ["^(?=(a+)+b)a*c", "a"],
    ["(?<=(a+)+b)c", "a"],
    ["^(?:a?){40}a{40}b$", "a"],
  ])("%s", (source, character) => {
    const started = performance.now();
    expect(new Pattern(source).test(`${character.repeat(20_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("refuses with a SyntaxError", () => {
  test.each([
    ["(a", /Invalid regular expression/],
    ["\\_", /Invalid escape/],
    ["(a)\\1", /the backreference \\1 can't be checked in bounded time/],
    ["(?<x>a)\\k<x>", /the backreference \\k<x>/],
    ["(?:a{1000}){1000}", /counts too far/],
    ["(?:){1000000}a{0,100000}", /counts too far/],
  ])("%s", (source, message) => {
    expect(() => new Pattern(source)).toThrow(SyntaxError);
    expect(() => new Pattern(source)).toThrow(message);
  });
});
