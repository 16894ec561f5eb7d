import { expect } from "vitest";

/**
 * Inputs of a given length for which expressions that backtrack or start over take quadratic time.
 */
export const GROWING: Readonly<Record<string, (length: number) => string>> = {
  "one long line": repeated("a"),
  spaces: repeated(" "),
  "tabs and line feeds": repeated("\t\n"),
  "line feeds": repeated("\n"),
  "carriage returns": repeated("\r"),
  "a line without a return": (length) => `${"a".repeat(length)}\n`,
  "spaces before a letter": (length) => `\n${" ".repeat(length)}x`,
  escapes: repeated("\x1b"),
  "unfinished control sequences": repeated("\x1b["),
  "a long control sequence": (length) => `\x1b[${"1;".repeat(length / 2)}`,
  "unfinished titles": repeated("\x1b]0;a"),
  "a long title": (length) => `\x1b]${"a;".repeat(length / 2)}`,
  "8-bit strings": repeated("\x9da"),
  backslashes: repeated("\\"),
  "double quotes": repeated('"'),
  "single quotes": repeated("'"),
  "escaped quotes": repeated('\\"'),
  "an open quote": (length) => `bash -lc "${"\\a".repeat(length / 2)}`,
  "open objects": repeated('{"a":'),
  "open arrays": repeated("["),
  "open secrets": repeated('{"password":['),
  "an open string": (length) => `{"a":"${"\\u0041".repeat(length / 6)}`,
  "JSON in JSON": (length) => {
    let text = "x".repeat(length);
    for (let level = 0; level < 8; level++) text = JSON.stringify({ a: text });
    return text.slice(0, 2 * length);
  },
  schemes: repeated("bearer "),
  "a scheme and spaces": (length) => `bearer${" ".repeat(length)}`,
  "web tokens": repeated("eyJ-"),
  "web tokens with dots": repeated("eyJaaaaaaaaaa."),
  "key prefixes": repeated("sk-AKIAghp_xoxb-AIzaya29."),
  "key characters": repeated("aB1/"),
  "keys that do not end": repeated("-----BEGIN PRIVATE KEY"),
  dashes: repeated("-"),
  digits: repeated("1"),
  names: repeated("token:"),
  "names and quotes": repeated('password="'),
  "names and half quotes": repeated("password='x\\"),
  "equals signs": repeated("="),
  options: repeated('--token "'),
  URLs: repeated("://"),
  "a URL without an end": (length) => `://${"a".repeat(length)}`,
  verbs: repeated("add "),
  hashes: repeated("#\n"),
  fences: repeated("```\n~~~\n"),
  marks: repeated("\u0301"),
  "letters and marks": repeated("ก้"),
  "wide characters": repeated("日"),
  "hidden characters": repeated("\u200b"),
  "lone surrogates": repeated("\ud800"),
};

/**
 * Fails if an input that is eight times as long takes much more than eight times as long. Measures
 * CPU time, which doesn't increase on a busy machine.
 */
export function expectLinear(run: (text: string) => unknown, length = 80_000): void {
  const slow: string[] = [];
  for (const [name, make] of Object.entries(GROWING)) {
    const small = Math.min(cost(run, make(length / 8)), cost(run, make(length / 8)));
    const large = cost(run, make(length));
    if (large > 8 * 4 * small + 150) slow.push(`${name}: ${small} ms, then ${large} ms`);
  }
  expect(slow).toEqual([]);
}

/** The same for a number of values. */
export async function expectLinearIn(
  run: (count: number) => unknown,
  count: number,
): Promise<void> {
  const costOf = async (size: number) => {
    const start = process.cpuUsage();
    await run(size);
    return since(start);
  };
  const small = Math.min(await costOf(count / 8), await costOf(count / 8));
  const large = await costOf(count);
  expect(large, `${small} ms, then ${large} ms`).toBeLessThan(8 * 4 * small + 150);
}

function cost(run: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage();
  run(text);
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function repeated(part: string): (length: number) => string {
  return (length) => part.repeat(Math.ceil(length / part.length));
}
