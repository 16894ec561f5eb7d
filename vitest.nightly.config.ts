import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { options } from "./vitest.projects.ts";

const { FUZZ_FIRST = "1", FUZZ_SEEDS = "100000", CYCLES = "500" } = process.env;
const { CHAOS_RUNS = "20", CHAOS_TURNS = "200", CUT_TURNS = "200", KILLS = "50" } = process.env;
const first = Number(FUZZ_FIRST);
const end = first + Number(FUZZ_SEEDS);

/** The number of runs of each test with hostile data or text. FUZZ_SEEDS is the number of seeds. */
const HOSTILE_RUNS = "1000";

/** So many seeds are played by one process: a few minutes of work. */
const SHARE = 10_000;

const FUZZ = "tests/fuzz/fuzz.test.ts";

function project(name: string, test: { include: string[]; exclude?: string[]; env: object }) {
  return { test: { ...options, ...test, name, env: { ...options.env, ...test.env } } };
}

const shares = Array.from({ length: Math.ceil((end - first) / SHARE) }, (_, index) => {
  const from = first + index * SHARE;
  const count = Math.min(SHARE, end - from);
  const env = { FUZZ_FIRST: String(from), FUZZ_SEEDS: String(count) };
  return project(`seeds from ${from}`, { include: [FUZZ], env });
});

const others = project("others", {
  include: [
    "tests/fuzz/*.test.ts",
    "tests/e2e/reliability/{leaks,reconnect,restart}.test.ts",
    "tests/e2e/fleet/chaos.test.ts",
  ],
  exclude: [FUZZ],
  env: { CYCLES, CHAOS_RUNS, CHAOS_TURNS, CUT_TURNS, KILLS, FUZZ_SEEDS: HOSTILE_RUNS },
});

/** The tests that find more the longer they run, on all processors. */
export default defineConfig({
  test: { projects: [others, ...shares], maxWorkers: availableParallelism() },
});
