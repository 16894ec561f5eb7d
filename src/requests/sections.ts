import { hasRoundedNumber, visibleJson } from "../text/json-text.ts";
import { escapeLine, escapeVisible } from "../text/visible.ts";
import type { RequestSection } from "./description.ts";

type Role = RequestSection["role"];

/** The agent writes reasons: they aren't executed, but a long one could scroll the rest away. */
const MAX_REASON = 600;
const MAX_REASON_LINES = 8;

export function textSection(role: Role, label: string, text: string): RequestSection {
  return { role, label: escapeLine(label), text: escapeVisible(text), format: "text", omitted: 0 };
}

/** The text being approved, where lookalike characters matter. */
export function exactSections(label: string, text: string): RequestSection[] {
  return [...foreignLetterWarning(text), textSection("subject", label, text)];
}

export function diffSection(label: string, diff: string): RequestSection {
  return { ...textSection("subject", label, diff), format: "diff" };
}

export function jsonSection(role: Role, label: string, value: unknown): RequestSection {
  return { role, label: escapeLine(label), text: visibleJson(value), format: "json", omitted: 0 };
}

/** No section for a missing value. */
export function contextSection(label: string, text: string | undefined): RequestSection[] {
  return text === undefined || text === "" ? [] : [textSection("context", label, text)];
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

/** Numbers are parsed before they are shown, which can round them. */
export function roundingWarning(value: unknown): RequestSection[] {
  const text = "Numbers of more than 16 digits may be shown rounded.";
  return hasRoundedNumber(value) ? [warning(text)] : [];
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

const NOT_ASCII = /\P{ASCII}/gu;
/** Letters that can't be mistaken for ASCII. */
const UNLIKE_ASCII =
  /[\u00c0-\u00ff]|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const MAX_LISTED = 8;

function foreignLetterWarning(text: string): RequestSection[] {
  const found = new Set<string>();
  for (const [character] of text.matchAll(NOT_ASCII)) {
    if (!found.has(character) && isShownForeign(character)) found.add(character);
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

function isShownForeign(character: string): boolean {
  return !UNLIKE_ASCII.test(character) && escapeVisible(character) === character;
}
