import { type KnownStrings, maskJson } from "./mask-json.ts";
import { maskText } from "./secret-values.ts";
import { escapeLine, escapeVisible } from "./visible.ts";

/** Limit for the message of an error or a warning. */
const MAX_MESSAGE = 16_000;

/** The number of levels of JSON inside JSON strings to search. */
const NESTED_LEVELS = 4;

/**
 * Masks secrets in a message: values of members whose names suggest a secret, and values that look
 * like one, including those in JSON inside strings. Text that isn't JSON is searched for the same
 * values.
 *
 * `known` contains strings of the message that needn't be searched again.
 *
 * Best effort: a secret with an ordinary name and an unknown format isn't recognised. Takes linear
 * time, without recursion.
 */
export function maskSecrets(text: string, known?: KnownStrings): string {
  return mask(text, NESTED_LEVELS, known);
}

/**
 * Quotes untrusted text in an error, a warning or a log: secrets masked, control characters
 * escaped, on one line, at most about `max` characters. Backslashes aren't doubled, because it is
 * for reading, not for decoding.
 */
export function quoteForeign(text: string, max = 400): string {
  return quote(text, max, escapeLine);
}

/**
 * The message of an error or a warning, no matter what it quotes: secrets masked, control
 * characters escaped, at most 16,000 characters. Line breaks are kept.
 */
export function safeMessage(text: string): string {
  return quote(text, MAX_MESSAGE, escapeVisible);
}

/**
 * Lines of a log: secrets masked, including those that span several lines, and control characters
 * escaped.
 */
export function safeLines(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return maskSecrets(lines.join("\n"))
    .split("\n")
    .map((line) => undouble(escapeLine(maskSecrets(line))));
}

function quote(text: string, max: number, escapeAll: (text: string) => string): string {
  // Masking shortens secrets, so more is read than is shown.
  const read = text.length > 4 * max + 4096 ? wholeWords(text.slice(0, 4 * max + 4096)) : text;
  const masked = maskSecrets(read);
  const escaped = undouble(escapeAll(masked.slice(0, max)));
  if (read === text && masked.length <= max && escaped.length <= max) return escaped;
  return `${cutAt(escaped, max)}… (${text.length} characters)`;
}

/** Undoes the doubling of backslashes, for text that is to be read, not decoded. */
function undouble(text: string): string {
  return text.replaceAll("\\\\", "\\");
}

function mask(text: string, nestedLevels: number, known?: KnownStrings): string {
  const isJson = nestedLevels > 0 && /^\s*[{[]/.test(text.slice(0, 100));
  if (!isJson) return maskText(text);
  return maskJson(text, (value) => mask(value, nestedLevels - 1), known);
}

/** Omits the last word, because half a secret wouldn't be recognised. */
function wholeWords(text: string): string {
  let end = text.length;
  while (end > 0 && !/[\s"',;&<>()[\]{}]/.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

/** The beginning of the text. Doesn't cut inside an escape or a character. */
function cutAt(text: string, max: number): string {
  const end = Math.min(text.length, max);
  const backslash = text.lastIndexOf("\\", end - 1);
  const isInEscape = end < text.length && backslash !== -1 && backslash > end - 10;
  if (isInEscape) return text.slice(0, backslash);
  const isInPair = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
  return text.slice(0, isInPair ? end - 1 : end);
}
