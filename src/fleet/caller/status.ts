import { channels } from "../../util/channels.ts";
import { isRecord } from "../../util/describe.ts";
import { fleetLoad } from "../load.ts";
import type { WorkerReport } from "../wire.ts";
import type { FleetContext } from "./context.ts";

/** A turn whose worker has stopped reporting: another worker takes it over. */
export interface StuckTurn {
  /** The turn's id in the fleet. */
  readonly turn: string;
  readonly worker: string;
  /** How long ago the worker's claim expired, in milliseconds. */
  readonly sinceMs: number;
}

/** The state of a fleet. */
export interface FleetStatus {
  readonly workers: readonly WorkerReport[];
  /** How many turns the workers can run at once. */
  readonly capacity: number;
  /** How many turns are running. */
  readonly running: number;
  /**
   * How many turns are waiting for a worker. Can briefly include turns that have just ended: the
   * queue delivers a turn's job once more if the turn was left to the worker that has its thread
   * loaded.
   */
  readonly waiting: number;
  /**
   * How many turns are waiting for their start time, for an earlier turn of their thread, or because of a
   * limit.
   */
  readonly delayed: number;
  /** How long the oldest waiting turn has been waiting for a worker, in milliseconds; null if none is waiting. */
  readonly oldestMs: number | null;
  readonly stuck: readonly StuckTurn[];
}

const MAX_STUCK = 100;

export async function fleetStatus({ redis, keys, queue }: FleetContext): Promise<FleetStatus> {
  const { client } = redis;
  const [now, ids] = await Promise.all([redis.now(), client.zrange(keys.workers, "0", "-1")]);
  const [reports, load, oldest, late] = await Promise.all([
    ids.length === 0 ? [] : client.mget(...ids.map((id) => keys.worker(id))),
    fleetLoad(redis, keys, queue),
    queue.getJobs(["waiting", "prioritized"], 0, 0, true),
    client.zrangebyscore(keys.active, "-inf", String(now), "WITHSCORES", "LIMIT", 0, MAX_STUCK),
  ]);
  // Redis deletes the report of a worker that stops reporting.
  const lost = ids.filter((_, index) => reports[index] === null);
  if (lost.length > 0) {
    await Promise.all([client.zrem(keys.workers, ...lost), client.hdel(keys.load, ...lost)]);
  }
  const workers = reports.flatMap((text) => reportIn(text) ?? []);
  const first = oldest[0]?.timestamp;
  channels.fleetLoad.publish(load);
  const { running, waiting, delayed } = load;
  return {
    workers,
    capacity: workers.reduce((sum, { capacity, isClosing }) => sum + (isClosing ? 0 : capacity), 0),
    running,
    waiting,
    delayed,
    oldestMs: first === undefined ? null : Math.max(0, now - first),
    stuck: await stuckTurns(late),
  };

  async function stuckTurns(pairs: readonly string[]): Promise<StuckTurn[]> {
    const turns = pairs.filter((_, index) => index % 2 === 0);
    const workersOf = await Promise.all(
      turns.map((turn) => client.hget(keys.turn(turn), "worker")),
    );
    return turns.map((turn, index) => ({
      turn,
      worker: workersOf[index] ?? "",
      sinceMs: now - Number(pairs[2 * index + 1]),
    }));
  }
}

/** A worker's report; undefined if there is none, or if it can't be read. */
function reportIn(text: string | null): WorkerReport | undefined {
  try {
    const report: unknown = JSON.parse(text ?? "null");
    return isRecord(report) ? (report as unknown as WorkerReport) : undefined;
  } catch {
    return undefined;
  }
}
