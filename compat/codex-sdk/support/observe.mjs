import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { normalise } from "./normalise.mjs";

const script = fileURLToPath(new URL("../run-program.mjs", import.meta.url));
const LIMIT_MS = 60_000;
/** How long a server may take to exit after its program. */
const GRACE_MS = 3_000;

/**
 * What a program observes with this SDK, in a separate process that must exit on its own.
 * `@openai/codex-sdk` can crash its program with EPIPE when `codex exec` exits immediately;
 * the program is then run again.
 */
export async function observe(who, index, program) {
  for (;;) {
    try {
      return await observeOnce(who, index, program);
    } catch (error) {
      if (who !== "theirs" || !error.message.includes("write EPIPE")) throw error;
    }
  }
}

async function observeOnce(who, index, { unordered = false }) {
  const folder = mkdtempSync(path.join(tmpdir(), "codex-sdk-report-"));
  const report = path.join(folder, "report.json");
  const mark = path.basename(folder);
  try {
    const child = spawn(process.execPath, [script, who, String(index), report], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, TMPDIR: folder },
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    const [code, signal] = await once(child, "exit");
    if (signal) throw new Error(`the program didn't end within ${LIMIT_MS} ms`);
    if (code !== 0) throw new Error(`the program exited with code ${code}\n${stderr}`);
    const { places, ...seen } = JSON.parse(readFileSync(report, "utf8"));
    if (unordered) delete seen.requests;
    return { ...normalise(seen, places), leftBehind: await leftBehind(mark) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The processes with this mark in their environment that are still running after they had time to
 * exit.
 */
async function leftBehind(mark) {
  if (process.platform !== "linux") return [];
  for (const end = Date.now() + GRACE_MS; ; await sleep(50)) {
    const left = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && hasMark(pid, mark));
    if (left.length === 0 || Date.now() > end) return left.map(commandOf);
  }
}

function hasMark(pid, mark) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark);
  } catch {
    return false;
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return pid;
  }
}
