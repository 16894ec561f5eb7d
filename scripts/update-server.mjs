// Adopts a version of the server; see HELP.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./support/arguments.mjs";
import { draftEntry } from "./support/changelog.mjs";
import { protocolDiff, reportOf } from "./support/protocol-diff.mjs";
import { declarationsIn, protocolFiles } from "./support/read-protocol.mjs";

const SERVER = "@openai/codex";
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const HELP = `Usage: npm run update-server -- [VERSION] [OPTIONS]

Adopts a version of the server, by default the newest: pins it, generates its protocol, adds the
previous version to the compatibility suite, drafts a changelog entry with the changes of the
protocol, and runs the tests.

Options:
  --report-only    Only show the changes of the protocol
  --from VERSION   Compare with this version instead of the pinned one; with --report-only
  --skip-tests     Don't run the tests and the compatibility suite
  --help           Print this help`;

const { values, positionals } = readArguments(HELP, {
  allowPositionals: true,
  options: {
    from: { type: "string" },
    "report-only": { type: "boolean", default: false },
    "skip-tests": { type: "boolean", default: false },
  },
});
const reportOnly = values["report-only"];
if (values.from !== undefined && !reportOnly) fail("--from works only with --report-only");
const pinned = readJson("package.json").dependencies[SERVER];
const from = values.from ?? pinned;
const to = positionals[0] ?? npm(["view", SERVER, "version"]).trim();
if (!/^\d+\.\d+\.\d+$/.test(to)) fail(`${to} isn't a version, such as 0.170.0`);

if (!reportOnly && to === pinned) fail(`${to} is already the pinned version`);
let report;
step(`Comparing the protocols of ${from} and ${to}`, () => {
  report = reportOf(protocolDiff(protocolOf(from), protocolOf(to)), from, to);
});
console.log(`\n${report}`);
if (!reportOnly) adopt();

function adopt() {
  step(`Pinning ${to}`, pin);
  step("Generating the protocol", () => node("scripts/generate-protocol.mjs", "--update"));
  step(`Adding ${pinned} to the compatibility suite`, () => {
    keepForCompatibility(pinned);
    // The suite may have tested the new version before it was pinned.
    rmSync(join(root, "compat/servers", to), { recursive: true, force: true });
  });
  step("Drafting an entry of CHANGELOG.md", () => {
    const file = join(root, "CHANGELOG.md");
    writeFileSync(file, draftEntry(readFileSync(file, "utf8"), report));
  });
  step("Checking the types", () => node("node_modules/typescript/bin/tsc"));
  if (!values["skip-tests"]) {
    step("Running the tests", () => npm(["test"], { stdio: "inherit" }));
    step("Running the compatibility suite", () => npm(["run", "compat"], { stdio: "inherit" }));
  }
  console.log("\nDone. Read the draft in CHANGELOG.md, and describe what users will notice.");
}

/** Runs a step. If it fails, the later steps are useless. */
function step(what, run) {
  console.log(`${what} …`);
  try {
    run();
  } catch (error) {
    fail(`${what} failed: ${error.message}`);
  }
}

function pin() {
  const manifest = readJson("package.json");
  manifest.dependencies[SERVER] = to;
  writeJson("package.json", manifest);
  const before = Object.keys(readJson("package-lock.json").packages);
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund"], { stdio: "inherit" });
  const after = new Set(Object.keys(readJson("package-lock.json").packages));
  const lost = before.filter((name) => !after.has(name));
  // npm drops optional packages of other platforms, which breaks `npm ci` there.
  if (lost.length > 0) throw new Error(`npm dropped ${lost.join(", ")} from package-lock.json`);
}

/** The folder that compat/support/servers.mjs installs a version from. */
function keepForCompatibility(version) {
  const folder = join(root, "compat/servers", version);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, ".npmrc"), join(folder, ".npmrc"));
  writeJson(join("compat/servers", version, "package.json"), {
    name: `codex-app-server-compat-${version}`,
    private: true,
    description: `The server ${version}, on which the behaviours are run.`,
    dependencies: { [SERVER]: version },
  });
  npm(["install", "--package-lock-only", "--ignore-scripts"], { cwd: folder });
}

/** The declarations of a version's protocol, which is installed for it in a temporary folder. */
function protocolOf(version) {
  const folder = mkdtempSync(join(tmpdir(), "codex-server-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", `${SERVER}@${version}`], {
      cwd: folder,
    });
    const program = join(folder, "node_modules", SERVER, "bin/codex.js");
    return declarationsIn(protocolFiles(program));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function node(script, ...args) {
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" });
}

function npm(args, options = {}) {
  const shell = process.platform === "win32";
  return (
    execFileSync("npm", args, {
      cwd: root,
      encoding: "utf8",
      shell,
      stdio: ["ignore", "pipe", "inherit"],
      ...options,
    }) ?? ""
  );
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

function writeJson(file, value) {
  writeFileSync(join(root, file), `${JSON.stringify(value, null, 2)}\n`);
}

function fail(message) {
  console.error(`update-server: ${message}`);
  process.exit(1);
}
