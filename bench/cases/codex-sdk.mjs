import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { codexSdk } from "../support/peers.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { codexBinary } from "../support/server.mjs";
import { ratios } from "../support/statistics.mjs";
import { treeMemory } from "../support/tree-memory.mjs";

const script = fileURLToPath(new URL("../workers/codex-sdk-program.mjs", import.meta.url));
const ours = fileURLToPath(new URL("../../dist/codex-sdk/index.js", import.meta.url));
const AGAINST = "@openai/codex-sdk";
const SAMPLE_MS = 20;

const TIMED = [
  { what: "a program with one turn, after changing its import", threads: 1, turns: 1, atLeast: 1 },
  {
    what: "a program with ten turns, after changing its import",
    threads: 1,
    turns: 10,
    atLeast: 2,
  },
  {
    what: "a program with 20 threads at once, after changing its import",
    threads: 20,
    turns: 1,
    atLeast: 2,
  },
];

/**
 * Whole programs, from start to exit, on the drop-in and on the SDK that it replaces. The home has
 * been used before.
 */
export const codexSdkPrograms = {
  name: "codex-sdk",
  async run({ model, quick, progress }) {
    if (!(await codexSdk())) {
      return {
        rows: [absent({ what: TIMED[0].what, against: AGAINST, note: "could not be installed" })],
      };
    }
    return using([() => homeFor(model)], async (home) => ({
      rows: [...(await timeRows({ home, quick, progress })), ...(await memoryRows(home, quick))],
    }));
  },
};

async function timeRows({ home, quick, progress }) {
  const rows = [];
  const rounds = quick ? 3 : 8;
  for (const { what, atLeast, ...task } of TIMED) {
    const onRound = (round) => progress(`${what}, round ${round + 1} of ${rounds}`);
    const contenders = measuring(home, task, timed);
    await contenders.ours();
    const times = await interleave(contenders, { rounds, onRound });
    const samples = ratios(times.theirs, times.ours);
    rows.push(row({ what, against: AGAINST, atLeast, unit: "× faster", samples, raw: times }));
  }
  return rows;
}

async function memoryRows(home, quick) {
  if (process.platform !== "linux") return [];
  const contenders = measuring(home, { threads: 20, turns: 1 }, peakMemory);
  const peaks = await interleave(contenders, { rounds: quick ? 1 : 3 });
  const samples = ratios(peaks.theirs, peaks.ours);
  const what = "memory of 20 threads at once, all processes";
  return [row({ what, against: AGAINST, atLeast: 2, unit: "× less", samples, raw: peaks })];
}

/** The program on each SDK, measured. */
function measuring(home, task, measure) {
  const all = { ...process.env, ...home.env };
  const env = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const given = { ...task, env, cwd: home.path, codexPathOverride: codexBinary };
  const theirs = fileURLToPath(import.meta.resolve(AGAINST));
  const on = (module) => () => measure((onStart) => runProgram({ ...given, module }, onStart));
  return { ours: on(ours), theirs: on(theirs) };
}

async function runProgram(task, onStart = () => {}) {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: "inherit" });
  onStart(child.pid);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the program exited with code ${code}`);
}

async function peakMemory(run) {
  let peak = 0;
  let timer;
  await run((pid) => {
    timer = setInterval(() => {
      peak = Math.max(peak, treeMemory(pid));
    }, SAMPLE_MS);
  }).finally(() => clearInterval(timer));
  return peak;
}
