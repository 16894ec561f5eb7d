import path from "node:path";
import { styleText } from "node:util";
import { visibleJsonLine } from "../text/json-text.ts";
import { stripForOutput } from "../text/output-text.ts";
import { escapeLine } from "../text/visible.ts";

/** Marks text with a style of `node:util` styleText, or leaves it as it is. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export const plain: Paint = (_style, text) => text;
/** Whether colours are wanted is decided elsewhere; styleText would look at the stdout of this process. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** Each line of a question to the user starts with it, and nothing else that is shown contains it. */
export const FRAME = "┃";
const LIKE_FRAME = "│";
const ESCAPED_FRAME = "\\u{2503}";

const OUTPUT_LINES = 20;
const LINE_LENGTH = 400;

/** Text to be read, such as output and messages: what would act on the terminal is left out. */
export function outputText(text: string): string {
  return stripForOutput(text).replaceAll(FRAME, LIKE_FRAME);
}

/** The same on one line. */
export function outputLine(text: string): string {
  return outputText(text).trim().replaceAll(/\s+/g, " ");
}

/** A line of what the agent does, such as a command or a file's name: nothing of it is left out. */
export function exactLine(text: string): string {
  return escapeLine(text).replaceAll(FRAME, ESCAPED_FRAME);
}

export function exactLines(text: string): string[] {
  return text.split("\n").map(exactLine);
}

/** JSON on one line, as exact. */
export function exactJson(value: unknown): string {
  return visibleJsonLine(value).replaceAll(FRAME, "\\u2503");
}

/** Of many lines only the first and last, with a line between that counts those left out. */
export function shortened(lines: readonly string[], max: number = OUTPUT_LINES): string[] {
  if (lines.length <= max) return lines.map((line) => shortenLine(line));
  const head = Math.ceil(max / 2);
  const tail = max - head - 1;
  const left = lines.length - head - tail;
  return [
    ...lines.slice(0, head).map((line) => shortenLine(line)),
    `… ${left} lines left out …`,
    ...lines.slice(-tail).map((line) => shortenLine(line)),
  ];
}

export function shortenLine(line: string, max: number = LINE_LENGTH): string {
  return line.length <= max
    ? line
    : `${line.slice(0, max)}… (${line.length - max} more characters)`;
}

export function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join("");
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A path as seen from `cwd`, if it lies in there. */
export function shortPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const outside = relative === "" || relative.startsWith("..") || path.isAbsolute(relative);
  return exactLine(outside ? file : relative);
}
