import { KnownCharacters, type VisibleText, visibleCharacters } from "./visible.ts";

/** A container with at most this many short values is written on one line. */
const FEW = 4;
const SHORT = 24;
/** Deeper containers are written on one line: indenting each level would take quadratic space. */
const INDENTED_LEVELS = 12;
/**
 * A JSON escape, which is visible, or a character that may need escaping, with the letter before
 * it.
 */
const ESCAPE_OR_CARE = /\\(?:u.{4}|.)|[A-Za-z]?[^\x20-\x7e]+/g;

interface Style {
  readonly quote: (text: string) => string;
  /** The number of levels at which each member has its own line. */
  readonly indentedLevels: number;
}

/** A container that is being written. */
interface Level {
  readonly members: Iterator<Member>;
  readonly close: string;
  readonly isIndented: boolean;
  isFirst: boolean;
}

interface Member {
  /** Undefined for an element of an array. */
  readonly name: string | undefined;
  readonly value: unknown;
}

/** `JSON.stringify` for parsed JSON of any depth, which overflows the stack of the built-in one. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return write(value, { quote: JSON.stringify, indentedLevels: 0 });
  }
}

/** A string as it is, and any other parsed JSON as its text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

/**
 * Shows a JSON value exactly, one member per line. The result is JSON text with visible characters
 * only, from which `JSON.parse` restores the value.
 */
export function visibleJson(value: unknown): VisibleText {
  return write(value, { quote: visibleQuotes(), indentedLevels: INDENTED_LEVELS }) as VisibleText;
}

/** Like `visibleJson`, on one line. */
export function visibleJsonLine(value: unknown): VisibleText {
  return write(value, { quote: visibleQuotes(), indentedLevels: 0 }) as VisibleText;
}

/** Writes a value as JSON, without recursion, so that no depth overflows the stack. */
function write(root: unknown, style: Style): string {
  const open: Level[] = [];
  const lineStart = (level: Level, depth: number) =>
    level.isIndented ? `\n${"  ".repeat(depth)}` : "";
  let text = "";
  let value = root;
  for (;;) {
    const entered = enter(value);
    text += entered?.open ?? scalar(value, style);
    if (entered) {
      const isIndented = open.length < style.indentedLevels && !isSmall(value);
      open.push({ ...entered, isIndented, isFirst: true });
    }
    for (;;) {
      const level = open.at(-1);
      if (level === undefined) return text;
      const { done, value: member } = level.members.next();
      if (!done) {
        text += (level.isFirst ? "" : ",") + lineStart(level, open.length);
        if (member.name !== undefined) {
          text += `${style.quote(member.name)}:${level.isIndented ? " " : ""}`;
        }
        level.isFirst = false;
        value = member.value;
        break;
      }
      text += (level.isFirst ? "" : lineStart(level, open.length - 1)) + level.close;
      open.pop();
    }
  }
}

function isSmall(value: unknown): boolean {
  const values = Object.values(Object(value));
  return values.length <= FEW && values.every(isShort);
}

function isShort(value: unknown): boolean {
  return typeof value === "string" ? value.length <= SHORT : typeof value !== "object" || !value;
}

function enter(value: unknown) {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return { open: "[", close: "]", members: elements(value) };
  return { open: "{", close: "}", members: members(value) };
}

function* elements(values: readonly unknown[]): Generator<Member> {
  for (const value of values) yield { name: undefined, value };
}

function* members(object: object): Generator<Member> {
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) yield { name, value };
  }
}

function scalar(value: unknown, { quote }: Style): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return numberText(value);
    case "boolean":
      return String(value);
    default:
      return "null";
  }
}

/** A number as JSON. `1e400` in a message is parsed as infinity, which JSON can express only as a number that is too large. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "null";
  if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Quotes all strings of one value. */
function visibleQuotes(): (text: string) => string {
  const known = new KnownCharacters();
  const visibly = (run: string) => {
    if (run.startsWith("\\")) return run;
    let shown = "";
    for (const [character, isShown] of visibleCharacters(run, known)) {
      shown += isShown ? character : unicodeEscapes(character);
    }
    return shown;
  };
  return (text) => JSON.stringify(text).replace(ESCAPE_OR_CARE, visibly);
}

function unicodeEscapes(character: string): string {
  let escapes = "";
  for (let unit = 0; unit < character.length; unit++) {
    escapes += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }
  return escapes;
}
