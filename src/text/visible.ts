declare const visible: unique symbol;

/** Text made of visible characters only, from which `unescapeVisible` restores the original exactly. */
export type VisibleText = string & { readonly [visible]: true };

const NEEDS_CARE = /[^\n\x20-\x5b\x5d-\x7e]+/g;
const NEEDS_CARE_OR_BREAKS = /[^\x20-\x5b\x5d-\x7e]+/g;
const PRINTED = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u;
/** Letters and symbols that fonts show as blank, beside those that Unicode calls ignorable. */
const BLANK = /^[\u2800\ufffc\u{1d159}\u{13441}\u{13442}]$/u;
const LETTER = /^\p{L}$/u;
/** Marks that belong to the letters of one script. General ones can strike through or cover any character. */
const SCRIPT_MARK = /^(?!\p{Me}|\p{Script_Extensions=Inherited})\p{M}$/u;
/** Maximum of any orthography; more marks on one letter would cover the lines around it. */
const MAX_MARKS = 4;
const ESCAPE = /\\(?:([\\nrt])|x([\da-f]{2})|u\{([\da-f]{1,6})\})/g;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Makes a text visible without loss: characters that a screen would hide, execute or draw over
 * others become escapes (`\r`, `\x1b`, `\u{200b}`), and backslashes are doubled. Line feeds stay.
 *
 * For text that is to be approved.
 */
export function escapeVisible(text: string): VisibleText {
  return text.replace(NEEDS_CARE, escapeRun) as VisibleText;
}

/** Like `escapeVisible`, on one line: a line feed becomes `\n`. */
export function escapeLine(text: string): VisibleText {
  return text.replace(NEEDS_CARE_OR_BREAKS, escapeRun) as VisibleText;
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
 * Splits a text into characters, each with whether a screen shows it as itself. A mark is shown
 * only on a letter of its script, so that text starting with one doesn't change what precedes it.
 */
export function* visibleCharacters(text: string): Generator<[character: string, isShown: boolean]> {
  let marks = MAX_MARKS;
  for (const character of text) {
    if (SCRIPT_MARK.test(character)) {
      marks++;
      yield [character, marks <= MAX_MARKS && !IGNORABLE.test(character)];
      continue;
    }
    marks = character > "\x7f" && LETTER.test(character) ? 0 : MAX_MARKS;
    yield [character, isPrinted(character)];
  }
}

function escapeRun(run: string): string {
  let escaped = "";
  for (const [character, isShown] of visibleCharacters(run)) {
    escaped += isShown && character !== "\\" ? character : escapeOf(character);
  }
  return escaped;
}

function isPrinted(character: string): boolean {
  return (
    character === " " ||
    (PRINTED.test(character) && !IGNORABLE.test(character) && !BLANK.test(character))
  );
}

function escapeOf(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
