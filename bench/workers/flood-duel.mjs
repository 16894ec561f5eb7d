// The SDK and the loop in one process, in alternating slices: load that lasts longer than a slice
// affects both, so their ratio is valid on a busy machine too.
import { bareFlood } from "../support/bare-flood.mjs";
import { interleave } from "../support/interleave.mjs";
import { sdkFlood } from "../support/sdk-flood.mjs";

/**
 * A slice is `turns` of these floods on each of `threads` parallel threads.
 * @type {{ flood: import("../support/replay-server.mjs").Flood, threads?: number, turns?: number, rounds: number, warmUpRounds: number }}
 */
const task = JSON.parse(process.argv[2]);
const { flood, threads = 1, turns = 1, rounds, warmUpRounds } = task;
const text = JSON.stringify({ ...flood, together: threads });
const deltas = flood.deltas * (flood.items ?? 1) * threads * turns;

const loop = await bareFlood(threads);
const sdk = await sdkFlood(threads);
const contenders = {
  loop: () => slice(() => loop.runTurns(text)),
  stream: () => slice(() => sdk.runTurns(text, "stream")),
  run: () => slice(() => sdk.runTurns(text, "run")),
};
await interleave(contenders, { rounds: warmUpRounds });
console.log(JSON.stringify(await interleave(contenders, { rounds })));
await loop.close();
await sdk.close();

/** CPU time of the whole process per delta, in microseconds. */
async function slice(runTurns) {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) await runTurns();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / deltas;
}
