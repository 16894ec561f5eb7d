import { channels, type FleetLoadDiagnostics } from "../util/channels.ts";
import { jobIdOf, type TurnQueue } from "./queue.ts";
import type { FleetRedis } from "./redis/connection.ts";
import type { Keys } from "./redis/keys.ts";

/** How many turns of a fleet are running, and how many wait. */
export async function fleetLoad(
  redis: FleetRedis,
  keys: Keys,
  queue: TurnQueue,
): Promise<FleetLoadDiagnostics> {
  const { client } = redis;
  const running = await client.zrangebyscore(keys.active, String(await redis.now()), "+inf");
  const delayed = queue.toKey("delayed");
  const [counts, ...parkedSince] = await Promise.all([
    queue.getJobCounts("waiting", "prioritized", "delayed"),
    ...running.map((turn) => client.zscore(delayed, jobIdOf(turn))),
  ]);
  // A turn that was left to its thread's worker runs while its job is parked.
  const parked = parkedSince.filter((since) => since !== null).length;
  return {
    fleet: keys.queueName,
    running: running.length,
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
    delayed: Math.max(0, (counts.delayed ?? 0) - parked),
  };
}

/** Measures the load for the subscribers of the diagnostics channel, if there are any. */
export async function publishLoad(redis: FleetRedis, keys: Keys, queue: TurnQueue): Promise<void> {
  if (!channels.fleetLoad.hasSubscribers) return;
  channels.fleetLoad.publish(await fleetLoad(redis, keys, queue));
}
