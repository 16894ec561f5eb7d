// The SDK with a trace and without one in one process, in alternating slices.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interleave } from "../support/interleave.mjs";
import { sdkFlood } from "../support/sdk-flood.mjs";

/** @type {{ flood: import("../support/replay-server.mjs").Flood, rounds: number, warmUpRounds: number }} */
const { flood, rounds, warmUpRounds } = JSON.parse(process.argv[2]);
const text = JSON.stringify({ ...flood, together: 1 });
const deltas = flood.deltas * (flood.items ?? 1);

const folder = mkdtempSync(join(tmpdir(), "trace-bench-"));
try {
  const untraced = await sdkFlood();
  const traced = await sdkFlood(1, { trace: join(folder, "run.jsonl") });
  const contenders = { untraced: () => slice(untraced), traced: () => slice(traced) };
  await interleave(contenders, { rounds: warmUpRounds });
  console.log(JSON.stringify(await interleave(contenders, { rounds })));
  await untraced.close();
  await traced.close();
} finally {
  rmSync(folder, { recursive: true });
}

/** CPU time of the whole process per delta, in microseconds. */
async function slice(sdk) {
  const before = process.cpuUsage();
  await sdk.runTurns(text, "stream");
  const { user, system } = process.cpuUsage(before);
  return (user + system) / deltas;
}
