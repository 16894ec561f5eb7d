import { expect, test } from "vitest";
import { runSeed, type SeedReport } from "./run-seed.ts";

/** FUZZ_SEED plays one seed and shows all of it; FUZZ_SEEDS says how many are played. */
const { FUZZ_SEED, FUZZ_SEEDS = "300", FUZZ_FIRST = "1" } = process.env;
const first = Number(FUZZ_SEED ?? FUZZ_FIRST);
const seeds = FUZZ_SEED === undefined ? Number(FUZZ_SEEDS) : 1;

const MAX_SHOWN = 5;

test(`${seeds} seeds from ${first}: nothing hangs, nothing is lost, nothing leaks`, {
  timeout: 30_000 + seeds * 100,
}, async () => {
  const failed: SeedReport[] = [];
  for (let seed = first; seed < first + seeds && failed.length < MAX_SHOWN; seed++) {
    const report = await runSeed(seed);
    if (report.faults.length > 0) failed.push(report);
    if (FUZZ_SEED !== undefined) console.log(report.log.join("\n"));
  }
  expect(failed.map(explain).join("\n\n")).toBe("");
});

function explain({ seed, faults }: SeedReport): string {
  const list = faults.map((fault) => `  ${fault}`).join("\n");
  return `Seed ${seed} fails; replay it with: FUZZ_SEED=${seed} npx vitest run tests/fuzz\n${list}`;
}
