import { Queue } from "bullmq";
import type { FleetRedis } from "./redis/connection.ts";
import type { Keys } from "./redis/keys.ts";
import type { JobData } from "./wire.ts";

export type TurnQueue = Queue<JobData>;

export const JOB_NAME = "turn";
/** How long ended turns, their events and jobs are kept by default: one day. */
export const DEFAULT_KEEP_MS: number = 24 * 60 * 60 * 1000;
/** How many ended jobs BullMQ keeps for display; turns themselves are kept for a time. */
const KEPT_JOBS = 10_000;

/** BullMQ's queue, which holds one job for each turn. */
export function openQueue(redis: FleetRedis, keys: Keys, keepMs: number): TurnQueue {
  const kept = { age: Math.ceil(keepMs / 1000), count: KEPT_JOBS };
  return new Queue<JobData>(keys.queueName, {
    connection: redis.client,
    prefix: keys.queuePrefix,
    defaultJobOptions: { removeOnComplete: kept, removeOnFail: kept, stackTraceLimit: 5 },
  });
}

/** Lets a parked job run now. Does nothing if it isn't parked, because then it is running or waiting for a worker. */
export async function promote(queue: TurnQueue, turn: string): Promise<boolean> {
  const job = await queue.getJob(turn);
  if (!job) return false;
  // `promote` fails unless the job is delayed, which may change at any time.
  await job.promote().catch(() => {});
  return true;
}
