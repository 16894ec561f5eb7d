import type { Shown } from "./text.ts";

const ASCII = /^[\x20-\x7e]*$/;
/** A character together with its combining marks, which must not start a row. */
const CLUSTER = /.\p{M}{0,4}/gsu;

/**
 * Cuts a line of visible characters into pieces that fit a row of a terminal. Everything but ASCII
 * counts as two cells: terminals differ, and would break a row that is too long.
 */
export function wrap(line: Shown, cells: number): Shown[] {
  const width = Math.max(2, cells);
  if (ASCII.test(line)) return wrapAscii(line, width);
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const piece of pieces(line, width)) {
    const needed = cellsOf(piece);
    if (used + needed > width) {
      rows.push(row);
      row = "";
      used = 0;
    }
    row += piece;
    used += needed;
  }
  return [...rows, row] as Shown[];
}

/** Yields each character together with its marks. If the row is too narrow for that, yields them separately. */
function* pieces(line: string, width: number): Generator<string> {
  for (const [cluster] of line.matchAll(CLUSTER)) {
    if (cellsOf(cluster) <= width) yield cluster;
    else yield* cluster;
  }
}

function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += character <= "~" ? 1 : 2;
  return cells;
}

/** Cuts prose into rows: a row that isn't full ends with a whole word. Nothing is omitted. */
export function wrapWords(line: Shown, cells: number): Shown[] {
  const rows: Shown[] = [];
  let row = "" as Shown;
  for (const [word] of line.matchAll(/[^ ]+| /g)) {
    const [first = row, ...more] = wrap(`${row}${word}` as Shown, cells);
    if (more.length === 0) {
      row = first;
      continue;
    }
    const pieces = wrap(word as Shown, cells);
    if (row !== "") rows.push(row);
    row = pieces.pop() ?? row;
    // Not `rows.push(...pieces)`: a call can't have so many arguments.
    for (const piece of pieces) rows.push(piece);
  }
  return [...rows, row];
}

/** As much of the start of a line as fits into a row. */
export function fitRow(line: Shown, cells: number): Shown {
  const start = line.slice(0, Math.max(0, cells)) as Shown;
  return wrap(start, cells)[0] ?? start;
}

function wrapAscii(line: Shown, width: number): Shown[] {
  const rows: string[] = [];
  for (let from = 0; from < line.length || from === 0; from += width) {
    rows.push(line.slice(from, from + width));
  }
  return rows as Shown[];
}
