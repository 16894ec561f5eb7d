import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readArguments } from "../../scripts/support/arguments.mjs";
import { everywhere } from "./everywhere.mjs";
import { programs } from "./programs/index.mjs";
import { differences, isDeclared } from "./support/compare.mjs";
import { observe } from "./support/observe.mjs";
import { publish } from "./support/publish.mjs";
import { install } from "./support/sdks.mjs";

const HELP = `Usage: npm run compat:codex-sdk -- [OPTIONS]

Runs all programs with both packages, and updates docs/compatibility-codex-sdk.md.

Options:
  --only WORDS   Only the programs whose names contain these words; doesn't update the page
  --help         Print this help`;

const { only } = readArguments(HELP, { options: { only: { type: "string" } } }).values;

install();
if (only === undefined) checkTypes();
let failed = 0;
let ran = 0;
const seen = new Set();
for (const [index, program] of programs.entries()) {
  if (only !== undefined && !program.what.includes(only)) continue;
  ran++;
  const faults = await faultsOf(index, program);
  console.log(
    `[${index + 1}/${programs.length}] ${program.what}: ${faults.length ? "FAILED" : "same"}`,
  );
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) failed++;
}
console.log(
  `\n${ran - failed} of ${ran} programs behave the same, except for declared differences`,
);
const unseen = everywhere.filter((one) => !seen.has(one));
if (failed > 0) process.exitCode = 1;
else if (only === undefined) {
  for (const { says } of unseen) console.error(`declared, but not seen: ${says}`);
  if (unseen.length > 0) process.exitCode = 1;
  else await publish(programs, everywhere);
}

/** The types of the two packages, by `tsc`. */
function checkTypes() {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const project = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  const { status } = spawnSync(process.execPath, [tsc, "-p", project], { stdio: "inherit" });
  if (status !== 0) throw new Error("the types differ");
  console.log("the types are the same");
}

/** Differences that aren't declared, and declared ones that don't occur. */
async function faultsOf(index, program) {
  const { differs = [] } = program;
  try {
    const [theirs, ours] = await Promise.all([
      observe("theirs", index, program),
      observe("ours", index, program),
    ]);
    const found = differences(theirs, ours);
    const declared = [...differs, ...everywhere];
    const undeclared = found.filter((one) => {
      const matching = declared.find((declaration) => isDeclared(one, declaration));
      if (matching) seen.add(matching);
      return matching === undefined;
    });
    const stale = differs.filter(
      (declaration) => !found.some((one) => isDeclared(one, declaration)),
    );
    return [
      ...undeclared.map(({ path, ...sides }) => `${path}: ${JSON.stringify(sides)}`),
      ...stale.map(({ says }) => `declared, but the same: ${says}`),
    ];
  } catch (error) {
    return [error.message];
  }
}
