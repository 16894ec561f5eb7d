import { channels, type FleetLoadDiagnostics } from "../../util/channels.ts";
import type { TurnQueue } from "../queue.ts";
import type { FleetRedis } from "../redis/connection.ts";
import type { Keys } from "../redis/keys.ts";

/** Measures the load of the fleet for the subscribers of the diagnostics channel, if there are any. */
export async function publishLoad(redis: FleetRedis, keys: Keys, queue: TurnQueue): Promise<void> {
  if (!channels.fleetLoad.hasSubscribers) return;
  const [counts, running] = await Promise.all([
    queue.getJobCounts("waiting", "prioritized", "delayed"),
    redis.client.zcount(keys.active, String(Date.now()), "+inf"),
  ]);
  const load: FleetLoadDiagnostics = {
    fleet: keys.queueName,
    running,
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
    delayed: counts.delayed ?? 0,
  };
  channels.fleetLoad.publish(load);
}
