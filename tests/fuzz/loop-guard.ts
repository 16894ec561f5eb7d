import { Worker } from "node:worker_threads";

/** In real time; no seed takes this long, even on a busy machine. */
const MAX_SEED_MS = 180_000;

/**
 * The code of the second thread: it watches the current seed, and ends the process if that doesn't
 * change for too long.
 */
const WATCH = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const seed = new Int32Array(workerData.shared);
let last = -1;
let since = Date.now();
setInterval(() => {
  const current = Atomics.load(seed, 0);
  if (current !== last) {
    last = current;
    since = Date.now();
  } else if (current > 0 && Date.now() - since > workerData.maxMs) {
    const hint = "replay it with: FUZZ_SEED=" + current + " npx vitest run tests/fuzz";
    writeSync(2, "\\nSeed " + current + " never gives way: a loop without end; " + hint + "\\n");
    process.kill(process.pid, "SIGKILL");
  }
}, 500);
`;

/**
 * Ends the process and names the seed if a seed never returns to the event loop; only another
 * thread can do that.
 */
export class LoopGuard implements Disposable {
  readonly #seed: Int32Array;
  readonly #worker: Worker;

  constructor() {
    const shared = new SharedArrayBuffer(4);
    this.#seed = new Int32Array(shared);
    this.#worker = new Worker(WATCH, { eval: true, workerData: { shared, maxMs: MAX_SEED_MS } });
    this.#worker.unref();
  }

  /** From now on, this is the current seed. */
  plays(seed: number): void {
    Atomics.store(this.#seed, 0, seed);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
