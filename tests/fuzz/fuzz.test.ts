import { writeSync } from "node:fs";
import { expect, test } from "vitest";
import { LoopGuard } from "./loop-guard.ts";
import { runSeed, type SeedReport, warmUp } from "./run-seed.ts";

/**
 * FUZZ_SEED plays one seed and shows everything; FUZZ_SEEDS is the number of seeds, and FUZZ_FIRST
 * the first one. FUZZ_ONLY and FUZZ_IGNORE name kinds of faults as they appear in brackets,
 * separated by commas. FUZZ_SHOWN is how many failed seeds are shown before it stops.
 */
const { FUZZ_SEED, FUZZ_SEEDS = "300", FUZZ_FIRST = "1", FUZZ_SHOWN = "5" } = process.env;
const { FUZZ_ONLY, FUZZ_IGNORE } = process.env;
const first = Number(FUZZ_SEED ?? FUZZ_FIRST);
const seeds = FUZZ_SEED === undefined ? Number(FUZZ_SEEDS) : 1;
const maxShown = Number(FUZZ_SHOWN);
const only = FUZZ_ONLY?.split(",");
const ignored = FUZZ_IGNORE?.split(",");

test(`${seeds} seeds from ${first}: nothing hangs, nothing is lost, nothing leaks`, {
  timeout: 30_000 + seeds * 1_000,
}, async () => {
  using guard = new LoopGuard();
  await warmUp();
  const failed: SeedReport[] = [];
  for (let seed = first; seed < first + seeds && failed.length < maxShown; seed++) {
    guard.plays(seed);
    const report = await runSeed(seed, FUZZ_SEED === undefined ? undefined : showLine);
    const faults = report.faults.filter(isWanted);
    if (faults.length === 0) continue;
    failed.push({ ...report, faults });
    // Other calls may take a long time, or be cut off.
    showLine(`\n${explain({ ...report, faults })}`);
  }
  const count = failed.length > 1 ? `${summary(failed)}\n\n` : "";
  expect(count + failed.map(explain).join("\n\n")).toBe("");
});

/** Immediately, so that a seed that never ends is shown too. */
function showLine(line: string): void {
  writeSync(2, `${line}\n`);
}

function isWanted(fault: string): boolean {
  const kind = kindOf(fault);
  return !ignored?.includes(kind) && (only?.includes(kind) ?? true);
}

function kindOf(fault: string): string {
  return /^\[([^\]]+)\]/.exec(fault)?.[1] ?? "other";
}

/** How many seeds have each kind of fault, and the first of them. */
function summary(failed: readonly SeedReport[]): string {
  const kinds = new Map<string, number[]>();
  for (const { seed, faults } of failed) {
    for (const kind of new Set(faults.map(kindOf))) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), seed]);
    }
  }
  const lines = [...kinds].toSorted(([, one], [, other]) => other.length - one.length);
  return lines
    .map(([kind, list]) => `${kind}: ${list.length} seeds, such as ${list.slice(0, 5).join(", ")}`)
    .join("\n");
}

function explain({ seed, faults }: SeedReport): string {
  const list = faults.map((fault) => `  ${fault}`).join("\n");
  return `Seed ${seed} fails; replay it with: FUZZ_SEED=${seed} npx vitest run tests/fuzz\n${list}`;
}
