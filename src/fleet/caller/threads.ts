import { type Check, requireOptions, wholeFrom } from "../../util/checks.ts";
import type { FleetContext } from "./context.ts";

/** An entry in a list of a fleet's threads. */
export interface FleetThreadInfo {
  /** The thread's name. */
  readonly thread: string;
  readonly tenant: string;
  /** When the thread's last turn was submitted, as a Unix time in milliseconds. */
  readonly submittedAt: number;
  /** The id of the running turn in the fleet; null if none is running. */
  readonly running: string | null;
  /** How many of the thread's turns are waiting. */
  readonly queued: number;
}

/** Which threads to list. */
export interface FleetThreadsOptions {
  /** The maximum number of threads. Default 100. */
  readonly limit?: number | undefined;
  /** How many threads to skip. Default 0. */
  readonly offset?: number | undefined;
}

const DEFAULT_LIMIT = 100;
const CHECKS: Readonly<Record<keyof FleetThreadsOptions, Check>> = {
  limit: wholeFrom(1),
  offset: wholeFrom(0),
};

/** The threads of the fleet, most recently used first. */
export async function listThreads(
  { redis, keys }: FleetContext,
  options: FleetThreadsOptions,
): Promise<FleetThreadInfo[]> {
  requireOptions("threads", options, CHECKS);
  const { limit = DEFAULT_LIMIT, offset = 0 } = options;
  const { client } = redis;
  const [now, found] = await Promise.all([
    redis.now(),
    client.zrevrange(keys.threads, offset, offset + limit - 1, "WITHSCORES"),
  ]);
  const names = found.filter((_, index) => index % 2 === 0);
  return Promise.all(
    names.map(async (key, index) => {
      const [[turn, until], pending] = await Promise.all([
        client.hmget(keys.thread(key), "turn", "until"),
        client.zcard(keys.pending(key)),
      ]);
      const running = turn && Number(until) > now ? turn : null;
      const slash = key.indexOf("/");
      return {
        thread: key.slice(slash + 1),
        tenant: key.slice(0, slash),
        submittedAt: Number(found[2 * index + 1]),
        running,
        queued: Math.max(0, pending - (running === null ? 0 : 1)),
      };
    }),
  );
}
