import { readArguments } from "../scripts/support/arguments.mjs";
import { chapters } from "./behaviours/index.mjs";
import { publish } from "./support/publish.mjs";
import { runOn } from "./support/run-behaviour.mjs";
import { codexBin, versions } from "./support/servers.mjs";
import { markdownTable, summaryTable } from "./support/table.mjs";

const HELP = `Usage: npm run compat -- [OPTIONS]

Runs all behaviours on every version of the server, and updates docs/compatibility.md.

Options:
  --server VERSION,…   Only these versions; doesn't update the page
  --only WORDS         Only the behaviours whose names contain these words; doesn't update the page
  --help               Print this help`;

const { server, only } = readArguments(HELP, {
  options: { server: { type: "string" }, only: { type: "string" } },
}).values;

const chosen = server === undefined ? versions : server.split(",");
const unknown = chosen.filter((version) => !versions.includes(version));
if (unknown.length > 0) {
  console.error(`Unknown version ${unknown.join(", ")}; the versions are ${versions.join(", ")}`);
  process.exit(1);
}
const behaviours = chapters
  .flatMap((chapter) => chapter.behaviours)
  .filter(({ what }) => only === undefined || what.includes(only));

const outcomes = new Map(behaviours.map((behaviour) => [behaviour, {}]));
let failed = 0;
for (const version of chosen) {
  const program = codexBin(version);
  for (const [index, behaviour] of behaviours.entries()) {
    const start = performance.now();
    const outcome = await runOn(version, program, behaviour);
    outcomes.get(behaviour)[version] = outcome;
    if (outcome.error) failed++;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const place = `${version} [${index + 1}/${behaviours.length}]`;
    console.log(`${place} ${behaviour.what}: ${outcome.verdict} (${seconds} s)`);
    if (outcome.error) console.log(outcome.error.stack ?? outcome.error);
  }
}

const table = markdownTable(chosen, behaviours, outcomes);
console.log(`\n${table}\n`);
if (failed > 0) {
  console.error(`${failed} behaviours failed; the documents are unchanged`);
  process.exitCode = 1;
} else if (server === undefined && only === undefined) {
  await publish(table, summaryTable(chosen, behaviours, outcomes));
}
