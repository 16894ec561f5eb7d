declare const visible: unique symbol;

/** Text made of visible characters only, from which `unescapeVisible` restores the original exactly. */
export type VisibleText = string & { readonly [visible]: true };

/** Characters that may need an escape, with the letter before them, which a mark can belong to. */
const NEEDS_CARE = /[A-Za-z]?[^\n\x20-\x5b\x5d-\x7e]+/g;
const NEEDS_CARE_OR_BREAKS = /[A-Za-z]?[^\x20-\x5b\x5d-\x7e]+/g;
const NOT_ASCII = /[A-Za-z]?[\x80-\uffff]+/g;
/**
 * Letters and symbols that fonts show as blank, in addition to those that Unicode calls ignorable.
 */
const BLANK = /^[\u2800\ufffc\u{1d159}\u{13441}\u{13442}]$/u;
/** Characters that are drawn much wider than terminals count them, over the text that follows. */
const OVERWIDE = /^[\ua9c5\ufdfa-\ufdfd\u{12000}-\u{1254f}]$/u;
/**
 * The second and third letters of a Hangul syllable: on their own, they have no width on terminals.
 */
const CONJOINING = /^[\u1161-\u11ff\ud7b0-\ud7ff]$/;
/**
 * The scripts in everyday use (Unicode's Annex 31, table 5): fonts have their marks, and show all
 * of them.
 */
const SCRIPTS = [
  ...["Arab", "Armn", "Beng", "Bopo", "Cyrl", "Deva", "Ethi", "Geor", "Grek", "Gujr", "Guru"],
  ...["Hani", "Hebr", "Hira", "Kana", "Khmr", "Knda", "Laoo", "Latn", "Mlym", "Mymr", "Orya"],
  ...["Sinh", "Taml", "Telu", "Thaa", "Thai", "Tibt"],
];
let pair: RegExp | undefined;
/** The first and second letters of a Hangul syllable, or the second and third. */
const HANGUL_PAIR =
  /^(?:[\u1100-\u115e\ua960-\ua97c][\u1161-\u11a7\ud7b0-\ud7c6]|[\u1161-\u11a7\ud7b0-\ud7c6][\u11a8-\u11ff\ud7cb-\ud7fb])$/;
/** Marks that are visible only in how the next letter is drawn: below the letter before it. */
const STACKER = /^[\u1039\u17d2]$/;
/** The maximum in any orthography; more marks on one letter would cover the lines around it. */
const MAX_MARKS = 4;
const ESCAPE = /\\(?:([\\nrt])|x([\da-f]{2})|u\{([\da-f]{1,6})\})/g;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Makes text visible without loss: characters that a screen would hide, execute or draw over
 * others become escapes (`\r`, `\x1b`, `\u{200b}`), and backslashes are doubled. Line feeds stay.
 *
 * Use it for text that a user approves.
 */
export function escapeVisible(text: string): VisibleText {
  return escapeRuns(text, NEEDS_CARE);
}

/** Like `escapeVisible`, on one line: a line feed becomes `\n`. */
export function escapeLine(text: string): VisibleText {
  return escapeRuns(text, NEEDS_CARE_OR_BREAKS);
}

/** Restores the text that was passed to `escapeVisible` or `escapeLine`. */
export function unescapeVisible(text: VisibleText): string {
  return text.replace(ESCAPE, (_escape, name?: string, byte?: string, codePoint?: string) => {
    if (name === undefined)
      return String.fromCodePoint(Number.parseInt(byte ?? codePoint ?? "", 16));
    return { n: "\n", r: "\r", t: "\t" }[name] ?? name;
  });
}

/**
 * The results for characters seen so far: long text has few different ones, and each takes
 * several tests.
 */
export class KnownCharacters {
  readonly #kinds = new Map<string, Kind>();
  readonly #marked = new Map<string, string>();

  kindOf(character: string): Kind {
    const known = this.#kinds.get(character);
    if (known !== undefined) return known;
    const kind = kindOf(character);
    if (this.#kinds.size < MAX_KNOWN) this.#kinds.set(character, kind);
    return kind;
  }

  /** The letter with the mark on it, for the next mark; empty if a screen may not show the mark. */
  marked(base: string, mark: string, next: string): string {
    if (base === "" || STACKER.test(mark)) return marked(base, mark, next);
    const known = this.#marked.get(base + mark);
    if (known !== undefined) return known;
    const letter = marked(base, mark, next);
    if (this.#marked.size < MAX_KNOWN) this.#marked.set(base + mark, letter);
    return letter;
  }
}

/** More different characters than any language has. Hostile text can have more. */
const MAX_KNOWN = 20_000;
type Kind = "hidden" | "letter" | "mark" | "shown";

/**
 * Splits text into characters, and determines for each whether a screen shows it unescaped. A mark is shown
 * only on a letter of its script, or on a letter with which Unicode composes it. So an invisible
 * mark can't change how the character before it looks. Pass the same `known` for all parts of a
 * text.
 */
export function* visibleCharacters(
  text: string,
  known: KnownCharacters,
): Generator<[character: string, isShown: boolean]> {
  /** The letter that a mark would be drawn on; empty after other characters. */
  let base = "";
  let marks: string[] = [];
  let end = 0;
  for (const character of text) {
    end += character.length;
    const kind = known.kindOf(character);
    if (kind !== "mark") {
      base = kind === "letter" ? character : "";
      if (marks.length > 0) marks = [];
      yield [character, kind !== "hidden"];
      continue;
    }
    const next = String.fromCodePoint(text.codePointAt(end) ?? 0);
    // A second copy of the same mark is drawn over the first.
    const fits = marks.length < MAX_MARKS && !marks.includes(character);
    base = fits ? known.marked(base, character, next) : "";
    if (fits) marks.push(character);
    yield [character, base !== ""];
  }
}

/** The characters outside ASCII that are shown unescaped; the second value is whether the character is a mark. */
export function* shownBeyondAscii(text: string): Generator<[character: string, isMark: boolean]> {
  const known = new KnownCharacters();
  for (const [run] of text.matchAll(NOT_ASCII)) {
    for (const [character, isShown] of visibleCharacters(run, known)) {
      if (isShown && character > "\x7f") yield [character, known.kindOf(character) === "mark"];
    }
  }
}

function marked(base: string, mark: string, next: string): string {
  if (base === "" || isIgnorable(mark)) return "";
  if (CONJOINING.test(mark)) return HANGUL_PAIR.test(base + mark) ? mark : "";
  if (base > "\x7f" && !isGeneralMark(mark) && isPair(base + mark)) {
    return STACKER.test(mark) && !(isLetter(next) && isPair(mark + next)) ? "" : base;
  }
  const composed = (base + mark).normalize("NFC");
  return isLetter(composed) ? composed : "";
}

/** Whether the first character is a letter, and the second a mark of a script that the letter belongs to. */
function isPair(text: string): boolean {
  // Compiled when first needed: compiling takes milliseconds, and few programs need it.
  pair ??= new RegExp(
    `^(?:${SCRIPTS.map((script) => `\\p{scx=${script}}\\p{scx=${script}}`).join("|")})$`,
    "u",
  );
  return pair.test(text);
}

function escapeRuns(text: string, needsCare: RegExp): VisibleText {
  const known = new KnownCharacters();
  return text.replace(needsCare, (run) => {
    let escaped = "";
    for (const [character, isShown] of visibleCharacters(run, known)) {
      escaped += isShown && character !== "\\" ? character : escapeOf(character);
    }
    return escaped;
  }) as VisibleText;
}

function kindOf(character: string): Kind {
  if (isMark(character)) return "mark";
  if (!isPrinted(character)) return "hidden";
  return isLetter(character) ? "letter" : "shown";
}

function isPrinted(character: string): boolean {
  return (
    character === " " ||
    (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) &&
      !isIgnorable(character) &&
      !BLANK.test(character) &&
      !OVERWIDE.test(character))
  );
}

// The expressions below take milliseconds to compile. They are inside functions, so that importing
// the package doesn't compile them.

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isMark(character: string): boolean {
  return /^[\p{M}\u1161-\u11ff\ud7b0-\ud7ff]$/u.test(character);
}

function isIgnorable(character: string): boolean {
  return /^\p{Default_Ignorable_Code_Point}$/u.test(character);
}

/** Whether the mark can be put on any character: it could then strike through the character, or cover it. */
function isGeneralMark(character: string): boolean {
  return /^(?:\p{Me}|\p{scx=Inherited}|[\u0300-\u036f]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f])$/u.test(
    character,
  );
}

function escapeOf(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
