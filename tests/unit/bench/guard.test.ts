import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

type Consumer = "stream" | "run";
type Figures = Record<"loop" | Consumer, readonly number[]>;

interface Guard {
  readonly what: string;
  readonly task: object;
  /** The maximum cost of a delta, as a multiple of the cost of splitting the lines and parsing them. */
  readonly limits: Record<Consumer, number>;
}

/**
 * Measured: 0.57 streamed and 0.52 with `run()` for one thread; for 1,000 threads 0.95 and 0.74, and
 * up to half as much again while other programs use the CPU. A cost twice as high fails.
 */
const GUARDS: readonly Guard[] = [
  {
    what: "of one thread",
    task: { flood: { kind: "message", deltas: 10_000 }, rounds: 20, warmUpRounds: 15 },
    limits: { stream: 0.95, run: 0.95 },
  },
  {
    what: "of 1,000 threads at once",
    task: {
      flood: { kind: "message", deltas: 500 },
      threads: 1_000,
      rounds: 6,
      warmUpRounds: 1,
    },
    limits: { stream: 1.8, run: 1.4 },
  },
];

async function measure(task: object): Promise<Figures> {
  const duel = path.join(root, "bench/workers/flood-duel.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [duel, JSON.stringify(task)]);
  return JSON.parse(stdout);
}

/** The ratio of the smallest measurements: what else runs on the machine only adds to them. */
function costOf(figures: Figures, consumer: Consumer): number {
  return Math.min(...figures[consumer]) / Math.min(...figures.loop);
}

beforeAll(() => {
  if (!existsSync(path.join(root, "dist/index.js"))) throw new Error("First: npm run build");
});

describe.each(GUARDS)("the CPU cost of a delta $what", ({ task, limits }) => {
  let figures: Figures;

  beforeAll(async () => {
    figures = await measure(task);
  }, 180_000);

  it("stays within its limit when the turn is streamed", () => {
    expect(costOf(figures, "stream")).toBeLessThan(limits.stream);
  });

  it("stays within its limit when the turn isn't streamed", () => {
    expect(costOf(figures, "run")).toBeLessThan(limits.run);
  });
});
