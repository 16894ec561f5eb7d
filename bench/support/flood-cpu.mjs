import { interleave } from "./interleave.mjs";
import { worker } from "./worker.mjs";

/**
 * CPU time for each delta, in microseconds, of the loop and of the SDK with these consumers, each
 * time in a fresh process.
 * @param {("stream" | "run")[]} consumers
 * @param {import("./measure-flood.mjs").FloodTask} task
 */
export function floodCpu(consumers, task, { rounds, progress, label = task.flood.kind }) {
  const contenders = Object.fromEntries(
    consumers.map((consumer) => [consumer, () => cpuOf("flood-sdk", { ...task, consumer })]),
  );
  const onRound = (round) => progress(`${label}, round ${round + 1} of ${rounds}`);
  return interleave({ loop: () => cpuOf("flood-loop", task), ...contenders }, { rounds, onRound });
}

async function cpuOf(name, task) {
  return (await worker(name, task)).cpuUs;
}
