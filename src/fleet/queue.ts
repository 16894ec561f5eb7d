import { type Job, Queue } from "bullmq";
import type { FleetRedis } from "./redis/connection.ts";
import type { Keys } from "./redis/keys.ts";
import type { JobData } from "./wire.ts";

export type TurnQueue = Queue<JobData>;

export const JOB_NAME = "turn";
/** How long ended turns, their events and jobs are kept by default: one day. */
export const DEFAULT_KEEP_MS: number = 24 * 60 * 60 * 1000;
/** How many ended jobs BullMQ keeps for display; turns themselves are kept for `keepMs`. */
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

/**
 * BullMQ stores a job beside its own lists, under a key that ends with the job's id: without a
 * prefix, the job of a turn named "wait" would overwrite the list of waiting jobs.
 */
const JOB_PREFIX = "turn.";

/** The id of a turn's job. The ids of scheduled turns come from BullMQ, and have colons. */
export function jobIdOf(turn: string): string {
  return turn.includes(":") ? turn : `${JOB_PREFIX}${turn}`;
}

export function turnOfJob({ id = "" }: Job<JobData>): string {
  return id.startsWith(JOB_PREFIX) ? id.slice(JOB_PREFIX.length) : id;
}

/** The job of a turn that hasn't ended; undefined if there is none. BullMQ can keep a job longer than its turn is kept. */
export async function jobOf(queue: TurnQueue, turn: string): Promise<Job<JobData> | undefined> {
  const job = await queue.getJob(jobIdOf(turn));
  return job?.finishedOn === undefined ? job : undefined;
}

/** Removes the ended job of an earlier turn with this id: while it exists, BullMQ adds no other. */
export async function removeEnded(queue: TurnQueue, turn: string): Promise<void> {
  const job = await queue.getJob(jobIdOf(turn));
  // It fails if another process has replaced the job, which already runs.
  if (job?.finishedOn !== undefined) await job.remove().catch(() => {});
}

/** Lets a parked job run now. Does nothing if it isn't parked, because then it is running or waiting for a worker. */
export async function promote(queue: TurnQueue, turn: string): Promise<boolean> {
  const job = await jobOf(queue, turn);
  if (!job) return false;
  // `promote` fails unless the job is delayed, which may change at any time.
  await job.promote().catch(() => {});
  return true;
}
