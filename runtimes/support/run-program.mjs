import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unwatchFile,
  watchFile,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { behaviours } from "../suite/behaviours.mjs";
import { end, processesWith } from "./leftovers.mjs";

/** How long one behaviour may take, in milliseconds. */
const LIMIT_MS = 60_000;

export const names = Object.keys(behaviours);

/**
 * Runs the suite in a program, and starts it again for the remaining behaviours if it stops
 * halfway.
 *
 * @param {{ command: string[], cwd: string, env?: NodeJS.ProcessEnv }} program
 * @param {string} codexHome
 * @returns {Promise<Record<string, { passed: boolean, message?: string, stack?: string }>>} by name
 */
export async function runProgram(program, codexHome, wanted = names) {
  const outcomes = {};
  let rest = wanted;
  while (rest.length > 0) {
    Object.assign(outcomes, await runOnce(program, codexHome, rest));
    rest = rest.filter((name) => outcomes[name] === undefined);
  }
  return outcomes;
}

async function runOnce({ command, cwd, env }, codexHome, wanted) {
  const tmp = mkdtempSync(path.join(tmpdir(), "run-"));
  const report = path.join(cwd, "report.jsonl");
  rmSync(report, { force: true });
  const marker = `TMPDIR=${tmp}`;
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd,
    env: {
      ...process.env,
      ...env,
      TMPDIR: tmp,
      CODEX_HOME: codexHome,
      CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
      SUITE_NAMES: JSON.stringify(wanted),
      SUITE_REPORT: report,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const isLate = killWhenLate(child, report);
  const [code, signal] = await once(child, "close");
  const outcomes = read(report, wanted, () =>
    isLate() ? `it didn't end within ${LIMIT_MS / 1000} s` : `exit ${code ?? signal}\n${output}`,
  );
  const left = [...processesWith(marker), ...readdirSync(tmp)];
  end(processesWith(marker));
  rmSync(tmp, { recursive: true, force: true });
  if (left.length > 0 && outcomes["`close()`"]?.passed)
    outcomes["`close()`"] = { passed: false, message: `left behind: ${left.join("; ")}` };
  return outcomes;
}

/** Kills a program whose report hasn't grown for too long. */
function killWhenLate(child, report) {
  let late = false;
  let timer;
  const kill = () => {
    late = true;
    child.kill("SIGKILL");
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(kill, LIMIT_MS);
  };
  again();
  watchFile(report, { interval: 500 }, again);
  child.on("close", () => {
    clearTimeout(timer);
    unwatchFile(report);
  });
  return () => late;
}

/** If a program stops halfway, the behaviour that it had started has failed, or the first one. */
function read(report, wanted, whyItEnded) {
  const lines = existsSync(report) ? readFileSync(report, "utf8").trim().split("\n") : [];
  const records = lines.map((line) => JSON.parse(line));
  const outcomes = {};
  for (const { name, outcome, message, stack } of records) {
    if (outcome) outcomes[name] = { passed: outcome === "passed", message, stack };
  }
  const last = records.at(-1);
  if (last?.end && whyItEnded().startsWith("exit 0\n")) return outcomes;
  const failed = last?.end ? wanted.at(-1) : (last?.name ?? wanted[0]);
  return { ...outcomes, [failed]: { passed: false, message: whyItEnded() } };
}
