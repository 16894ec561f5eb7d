// What the workers that meet a flood share: a warm-up, then the measured turns.

/**
 * @typedef {object} FloodTask
 * @property {import("./replay-server.mjs").Flood} flood
 * @property {number} [threads] As many at once, each with the same flood. Default 1.
 * @property {number} [turns] So many times. Default 1.
 */

const WARM_UP_DELTAS = 20_000;

/** @returns {FloodTask} */
export function taskOfThisProcess() {
  return JSON.parse(process.argv[2]);
}

/**
 * Runs the turns and prints how much CPU this process used for each delta, in microseconds.
 * @param {FloodTask} task
 * @param {(text: string) => Promise<void>} runTurns Runs a turn with this input on each thread.
 */
export async function measureFlood({ flood, threads = 1, turns = 1 }, runTurns) {
  const { deltas, items = 1 } = flood;
  const heavy = flood.bytes ?? 4;
  const warmUp = Math.max(1, Math.floor(WARM_UP_DELTAS / threads / Math.max(1, heavy / 64)));
  await runTurns(JSON.stringify({ ...flood, together: threads, items: 1, deltas: warmUp }));
  const text = JSON.stringify({ ...flood, together: threads });
  const before = process.cpuUsage();
  const start = performance.now();
  for (let turn = 0; turn < turns; turn++) await runTurns(text);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const count = deltas * items * threads * turns;
  console.log(JSON.stringify({ cpuUs: (user + system) / count, wallMs, count }));
}
