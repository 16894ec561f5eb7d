import path from "node:path";
import { styleText } from "node:util";
import { visibleJsonLine } from "../text/json-text.ts";
import { stripForOutput } from "../text/output-text.ts";
import { escapeLine } from "../text/visible.ts";

declare const shown: unique symbol;

/**
 * Text that may be written to the terminal: literals of this program, and untrusted text that went
 * through one of the functions here. A plain string isn't assignable, so untrusted text can't be
 * written by mistake.
 */
export type Shown = string & { readonly [shown]: true };

/** Marks text with a style of `node:util` styleText, or leaves it as it is. */
export type Paint = (style: Parameters<typeof styleText>[0], text: Shown) => Shown;

export const plain: Paint = (_style, text) => text;
/** Applies a style. Other code decides whether to use colours; by default, styleText would look at the stdout of this process. */
export const coloured: Paint = (style, text) =>
  styleText(style, text, { validateStream: false }) as Shown;

/** The start of each line of a question to the user. Nothing else that is shown contains it. */
export const FRAME: Shown = show`┃`;
const LIKE_FRAME = "│";
const ESCAPED_FRAME = "\\u{2503}";

const OUTPUT_LINES = 20;
const LINE_LENGTH = 400;

/** Combines shown text with literals. */
export function show(literals: TemplateStringsArray, ...parts: readonly (Shown | number)[]): Shown {
  return String.raw({ raw: literals }, ...parts) as Shown;
}

export function join(parts: readonly Shown[], separator = ""): Shown {
  return parts.join(separator) as Shown;
}

/**
 * Text that is only read, such as output and messages, without anything that would control the
 * terminal.
 */
export function outputText(text: string): Shown {
  return stripForOutput(text).replaceAll(FRAME, LIKE_FRAME) as string as Shown;
}

/** Text that is only read, on one line. */
export function outputLine(text: string): Shown {
  return outputText(text).trim().replaceAll(/\s+/g, " ") as Shown;
}

/** The lines of text that is only read; an empty list if there is nothing to read. */
export function outputLines(text: string): Shown[] {
  const all = outputText(text).trimEnd();
  return all === "" ? [] : (all.split("\n") as Shown[]);
}

/**
 * An action of the agent, such as a command or a file's name, on one line and without omissions.
 */
export function exactLine(text: string): Shown {
  return escapeLine(text).replaceAll(FRAME, ESCAPED_FRAME) as string as Shown;
}

export function exactLines(text: string): Shown[] {
  return text.split("\n").map(exactLine);
}

/** JSON on one line, without omissions: `JSON.parse` restores the value. */
export function exactJson(value: unknown): Shown {
  return visibleJsonLine(value).replaceAll(FRAME, "\\u2503") as string as Shown;
}

/**
 * The lines; if there are many, only the first and last ones, and a line with the number of lines omitted.
 */
export function shortened(lines: readonly Shown[], max: number = OUTPUT_LINES): Shown[] {
  if (lines.length <= max) return lines.map((line) => shortenLine(line));
  const head = Math.ceil(max / 2);
  const tail = max - head - 1;
  const left = lines.length - head - tail;
  return [
    ...lines.slice(0, head).map((line) => shortenLine(line)),
    show`… ${left} lines omitted …`,
    ...lines.slice(-tail).map((line) => shortenLine(line)),
  ];
}

export function shortenLine(line: Shown, max: number = LINE_LENGTH): Shown {
  if (line.length <= max) return line;
  return show`${line.slice(0, max) as Shown}… (${line.length - max} more characters)`;
}

export function indented(lines: readonly Shown[]): Shown {
  return join(lines.map((line) => show`  ${line}\n`));
}

export function duration(ms: number): Shown {
  if (ms < 1000) return show`${Math.round(ms)} ms`;
  if (ms < 60_000) return show`${(ms / 1000).toFixed(1) as Shown} s`;
  const seconds = Math.round(ms / 1000);
  return show`${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A path relative to `cwd`, if it is inside. */
export function shortPath(file: string, cwd: string): Shown {
  const relative = path.relative(cwd, file);
  const outside = relative === "" || relative.startsWith("..") || path.isAbsolute(relative);
  return exactLine(outside ? file : relative);
}
