import path from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";

/** Marks text with a style of `node:util` styleText, or leaves it as it is. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export const plain: Paint = (_style, text) => text;
/** Whether colours are wanted is decided elsewhere; styleText would look at the stdout of this process. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

const OUTPUT_LINES = 20;
const LINE_LENGTH = 400;

/**
 * Text that others wrote, made fit for a terminal: it can't move the cursor, change colours or run
 * backwards, and of a line that overwrites itself only the last state is left.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\n]*\r/g, "")
    .replaceAll(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).trim().replaceAll(/\s+/g, " ");
}

/** Its lines; of many only the first and last, with a line between that counts those left out. */
export function shortened(text: string, max: number = OUTPUT_LINES): string[] {
  const shown = printable(text).trimEnd();
  if (shown === "") return [];
  const lines = shown.split("\n").map((line) => shortenLine(line));
  if (lines.length <= max) return lines;
  const head = Math.ceil(max / 2);
  const tail = max - head - 1;
  const left = lines.length - head - tail;
  return [...lines.slice(0, head), `… ${left} lines left out …`, ...lines.slice(-tail)];
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
  return printableLine(outside ? file : relative);
}
