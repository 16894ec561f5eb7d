import { readArguments } from "../scripts/support/arguments.mjs";
import { chapters } from "./setups/index.mjs";
import { compilations, compile, compilers } from "./setups/types.mjs";
import { publish } from "./support/publish.mjs";
import { names } from "./support/run-program.mjs";
import { runSetup } from "./support/run-setup.mjs";
import { Stage } from "./support/stage.mjs";
import { markdownTables, typesTable } from "./support/table.mjs";

const HELP = `Usage: npm run runtimes -- [OPTIONS]

Runs the suite in every setup, and updates docs/runtimes.md.

Options:
  --only WORDS        Only the setups whose names contain these words; doesn't update the page
  --behaviour WORDS   Only the behaviours whose names contain these words; doesn't update the page
  --list              Print the names of the setups
  --help              Print this help`;

const { only, behaviour, list } = readArguments(HELP, {
  options: {
    only: { type: "string" },
    behaviour: { type: "string" },
    list: { type: "boolean", default: false },
  },
}).values;

const has = (name, words) =>
  words === undefined || name.toLowerCase().includes(words.toLowerCase());
const chosen = chapters
  .map(({ title, setups }) => ({ title, setups: setups.filter(({ name }) => has(name, only)) }))
  .filter(({ setups }) => setups.length > 0);
const wanted = names.filter((name) => has(name, behaviour));
const setups = chosen.flatMap((chapter) => chapter.setups);
if (
  (setups.length === 0 && !compilers.some((version) => has(`TypeScript ${version}`, only))) ||
  wanted.length === 0
) {
  console.error("No setup or behaviour has these words; --list shows the setups.");
  process.exit(1);
}
if (list) {
  for (const { name } of setups) console.log(name);
  process.exit();
}
if (`${process.platform}-${process.arch}` !== "linux-x64") {
  console.error("The runtimes that this runs are installed for Linux on x64 only.");
  process.exit(1);
}

const verdicts = new Map();
const typed = compilers.filter((version) => has(`TypeScript ${version}`, only));
let failed = 0;
const stage = await Stage.start();
try {
  for (const [index, setup] of setups.entries()) {
    const start = performance.now();
    const result = await runSetup(stage, setup, wanted);
    verdicts.set(setup, result.verdicts);
    failed += result.failures.length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const count = (verdict) => wanted.filter((name) => result.verdicts[name] === verdict).length;
    const summary = ["yes", "no", "FAILED"]
      .map((verdict) => `${count(verdict)} ${verdict}`)
      .join(", ");
    console.log(`[${index + 1}/${setups.length}] ${setup.name}: ${summary} (${seconds} s)`);
    for (const { name, message, stack } of result.failures) {
      console.log(`  ${name}: ${stack ?? message ?? "worked, which is not expected"}`);
    }
  }
  const compiledIn = typed.length > 0 ? await stage.project() : undefined;
  for (const version of typed) {
    const result = {};
    for (const [name, compilation] of Object.entries(compilations)) {
      try {
        await compile(version, compilation, compiledIn);
        result[name] = "yes";
      } catch (error) {
        result[name] = "FAILED";
        failed++;
        console.log(`  ${name}: ${error.message}`);
      }
    }
    verdicts.set(version, result);
    console.log(`TypeScript ${version}: ${Object.values(result).join(", ")}`);
  }
} finally {
  await stage[Symbol.asyncDispose]();
}

const tables = [
  markdownTables(chosen, wanted, (setup) => verdicts.get(setup)),
  typesTable(typed, Object.keys(compilations), (version) => verdicts.get(version)),
].join("\n\n");
console.log(`\n${tables}\n`);
if (failed > 0) {
  console.error(`${failed} behaviours failed; docs/runtimes.md is unchanged`);
  process.exitCode = 1;
} else if (only === undefined && behaviour === undefined) {
  await publish(tables);
}
