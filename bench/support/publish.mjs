import { mkdir, readFile, writeFile } from "node:fs/promises";
import { goalChart, lineChart } from "./charts.mjs";
import { markdownTable } from "./table.mjs";

const root = new URL("../../", import.meta.url);
const page = new URL("docs/performance.md", root);
const pictures = new URL("docs/performance/", root);
const RESULTS = /(?<=<!-- results -->\n)[\s\S]*(?=<!-- \/results -->)/;

/** Writes the raw figures to `results/`, under this name. */
export async function writeFigures(name, figures) {
  const folder = new URL("bench/results/", root);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(figures, null, 1)}\n`);
}

/** Writes the table and the charts into `docs/performance.md`. */
export async function publish({ machine, rows, charts }) {
  const text = await readFile(page, "utf8");
  if (!RESULTS.test(text)) throw new Error(`${page.pathname} has no place for the results`);
  await mkdir(pictures, { recursive: true });
  await writeFile(new URL("goals.svg", pictures), goalChart(rows));
  for (const chart of charts) {
    await writeFile(new URL(`${chart.name}.svg`, pictures), lineChart(chart));
  }
  const results = `\n${machine}\n\n${markdownTable(rows)}\n\n`;
  await writeFile(
    page,
    text.replace(RESULTS, () => results),
  );
}
