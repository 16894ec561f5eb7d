// npm run bench                     measures all, prints the table, and writes docs/performance.md
// npm run bench -- --quick          the same with few rounds, within a minute; prints only
// npm run bench -- --only NAME,…    some cases; prints only
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { cases } from "./cases/index.mjs";
import { startModel } from "./support/model-process.mjs";
import { progressOf } from "./support/progress.mjs";
import { publish, writeFigures } from "./support/publish.mjs";
import { using } from "./support/resources.mjs";
import { codexBinary } from "./support/server.mjs";
import { printedTable } from "./support/table.mjs";

const { quick, only } = parseArgs({
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
