import { median } from "./statistics.mjs";

const HEAD = ["what", "against", "goal", "measured (min – max)", ""];

/** @param {import("./row.mjs").Row[]} rows */
export function printedTable(rows) {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {import("./row.mjs").Row[]} rows */
export function markdownTable(rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(HEAD), line(HEAD.map(() => "---")), ...rows.map((one) => line(cellsOf(one)))].join(
    "\n",
  );
}

function cellsOf({ what, against, goal, unit, samples, verdict, note }) {
  return [what, against, goal, measured(samples, unit) ?? note, verdict];
}

function measured(samples, unit) {
  if (samples.length === 0) return undefined;
  const figure = `${short(median(samples))} ${unit}`;
  if (samples.length === 1) return figure;
  return `${figure} (${short(Math.min(...samples))} – ${short(Math.max(...samples))})`;
}

function short(value) {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
