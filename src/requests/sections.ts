import { hasNumber } from "../text/json-numbers.ts";
import { visibleJson } from "../text/json-text.ts";
import { escapeLine, escapeVisible, shownBeyondAscii } from "../text/visible.ts";
import type { RequestSection } from "./description.ts";

type Role = RequestSection["role"];

/**
 * The agent writes reasons: they aren't executed, but a long one could scroll the rest off the
 * screen.
 */
const MAX_REASON = 600;
const MAX_REASON_LINES = 8;

export function textSection(role: Role, label: string, text: string): RequestSection {
  return { role, label: escapeLine(label), text: escapeVisible(text), format: "text", omitted: 0 };
}

/** The subject of the approval, where lookalike characters matter. */
export function exactSections(
  label: string,
  text: string,
  role: Role = "subject",
): RequestSection[] {
  return [...foreignLetterWarning(text), textSection(role, label, text)];
}

/** The subject of the approval, if it is a value. */
export function exactJsonSections(
  label: string,
  value: unknown,
  role: Role = "subject",
): RequestSection[] {
  const section = jsonSection(role, label, value);
  return [...foreignLetterWarning(section.text), section];
}

export function diffSection(label: string, diff: string): RequestSection {
  return { ...textSection("subject", label, diff), format: "diff" };
}

export function jsonSection(role: Role, label: string, value: unknown): RequestSection {
  return { role, label: escapeLine(label), text: visibleJson(value), format: "json", omitted: 0 };
}

/** A section of the context; none for a missing value. */
export function contextSection(label: string, text: string | undefined): RequestSection[] {
  return text === undefined || text === "" ? [] : [textSection("context", label, text)];
}

const DIRECTORY = "Directory";
const SERVER = "MCP server";
const ANNOTATIONS = "Tool annotations, from the MCP server";

/** Where a command runs: the agent chooses it, so lookalike characters matter. */
export function directorySection(path: string | undefined): RequestSection[] {
  return path === undefined || path === "" ? [] : exactSections(DIRECTORY, path, "context");
}

/** The MCP server whose tool would be called. */
export function serverSection(name: string | undefined): RequestSection[] {
  return contextSection(SERVER, name);
}

/** The MCP server's annotations of its tool. */
export function annotationSection(annotations: object | undefined): RequestSection[] {
  return annotations === undefined ? [] : [jsonSection("context", ANNOTATIONS, annotations)];
}

/** Context that isn't part of what the request asks for, or that its item contains too. */
const IN_ITEM: readonly string[] = [DIRECTORY, SERVER, ANNOTATIONS];

/** Whether a section asks for nothing that the request's item doesn't show. */
export function isInItem({ role, label }: RequestSection): boolean {
  if (role === "context") return IN_ITEM.includes(label);
  return role === "reason" || role === "subject";
}

/** An escape of a character that a page would hide, execute or draw over others, but not of a tab or a line break. */
const HIDDEN_IN_TEXT = /(?<!\\)(?:\\\\)*\\(?![\\t]|r(?:\n|$))/;
const HIDDEN_IN_JSON = /(?<!\\)(?:\\\\)*\\[bfru]/;

/** Whether what the section shows would look different without escapes. */
export function hasHiddenCharacters({ role, label, text, format }: RequestSection): boolean {
  if (role === "reason") return false;
  // The label of a change is the file's path.
  return (
    HIDDEN_IN_TEXT.test(label) || (format === "json" ? HIDDEN_IN_JSON : HIDDEN_IN_TEXT).test(text)
  );
}

export function reasonSection(label: string, reason: string | undefined): RequestSection[] {
  if (reason === undefined || reason === "") return [];
  const end = reasonEnd(reason);
  const section = textSection("reason", label, reason.slice(0, end));
  return [{ ...section, omitted: reason.length - end }];
}

export function warning(text: string): RequestSection {
  return { ...textSection("warning", "Warning", ""), text: escapeLine(text) };
}

/**
 * The warning about rounded numbers. Code that checks for it compares identities, because text in a request can
 * contain the same words.
 */
export const ROUNDING: RequestSection = warning(
  "Numbers may be rounded here: the exact values can have more digits.",
);

/**
 * The warning about rounded numbers, if the sections contain numbers that were parsed.
 */
export function roundingWarning(sections: readonly RequestSection[]): RequestSection[] {
  const hasNumbers = sections.some(({ format, text }) => format === "json" && hasNumber(text));
  return hasNumbers ? [ROUNDING] : [];
}

function reasonEnd(reason: string): number {
  const end = reason.length <= MAX_REASON ? reason.length : wholeCharacters(reason, MAX_REASON);
  const lines = reason.slice(0, end).split("\n", MAX_REASON_LINES);
  return Math.min(end, lines.join("\n").length);
}

function wholeCharacters(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

/**
 * Characters that `isUnlikeAscii` accepts by their script, but that can be mistaken for ASCII:
 * signs, single strokes, rings, and everything drawn half as wide.
 */
const LIKE_ASCII =
  /[\u00d7\u2753-\u2757\u2795\u2796\u2b55\u2f00-\u2f05\u3007\u3021\u30ce\u3147\u3161\u3163\u4e00\u4e28\u4e36\u4e3f-\u4e41\u4e85\uff65-\uffdc]/;
const MAX_LISTED = 8;

/** Whether the character belongs to a script that can't be mistaken for ASCII. */
function isUnlikeAscii(character: string): boolean {
  // Inside a function, because the expression takes a long time to compile.
  return /[\u00c0-\u00ff]|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u.test(
    character,
  );
}

function foreignLetterWarning(text: string): RequestSection[] {
  const found = new Set<string>();
  const harmless = new Set<string>();
  for (const [character, isMark] of shownBeyondAscii(text)) {
    if (harmless.has(character)) continue;
    const isHarmless = !isMark && isUnlikeAscii(character) && !LIKE_ASCII.test(character);
    (isHarmless ? harmless : found).add(character);
    if (found.size > MAX_LISTED) break;
  }
  if (found.size === 0) return [];
  const listed = [...found].slice(0, MAX_LISTED).map((one) => {
    const code = one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    return `${one} (U+${code})`;
  });
  const more = found.size > MAX_LISTED ? " and others" : "";
  return [
    warning(
      `Characters that may look like others, or appear in a different order: ${listed.join(", ")}${more}`,
    ),
  ];
}
