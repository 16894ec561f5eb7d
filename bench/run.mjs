import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { readArguments } from "../scripts/support/arguments.mjs";
import { cases } from "./cases/index.mjs";
import { startModel } from "./support/model-process.mjs";
import { progressOf } from "./support/progress.mjs";
import { publish, writeFigures } from "./support/publish.mjs";
import { using } from "./support/resources.mjs";
import { codexBinary } from "./support/server.mjs";
import { printedTable } from "./support/table.mjs";

const HELP = `Usage: npm run bench -- [OPTIONS]

Runs all measurements, prints the table, and updates docs/performance.md.

Options:
  --quick         Fewer rounds, in less than a minute; doesn't update the page
  --only NAME,…   Only these cases; doesn't update the page
  --help          Print this help`;

const { quick, only } = readArguments(HELP, {
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
}).values;

const chosen = select(only?.split(","));
const machine = machineLine();
const { rows, charts } = await measure(chosen);
console.log(`\n${machine}\n\n${printedTable(rows)}`);
const complete = !quick && !only;
await writeFigures(complete ? "full" : "latest", { machine, quick, rows, charts });
if (complete) await publish({ machine, rows, charts });

function select(names) {
  if (!names) return cases;
  const known = cases.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no case ${unknown.join(", ")}; the cases are ${known.join(", ")}`);
    process.exit(1);
  }
  return cases.filter(({ name }) => names.includes(name));
}

function measure(some) {
  return using([startModel], (model) => measureOn(model, some));
}

async function measureOn(model, some) {
  const rows = [];
  const charts = [];
  for (const [index, one] of some.entries()) {
    const progress = progressOf(one.name, `[${index + 1}/${some.length}]`);
    const result = await one.run({ model, quick, progress: progress.step });
    progress.done();
    rows.push(...result.rows);
    charts.push(...(result.charts ?? []));
  }
  return { rows, charts };
}

function machineLine() {
  const codex = execFileSync(codexBinary, ["--version"], { encoding: "utf8" }).trim();
  const { platform, arch, version } = process;
  return `${availableParallelism()} cores, ${platform}-${arch}, Node ${version}, ${codex}.`;
}
