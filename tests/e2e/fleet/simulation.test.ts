import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { Keys, threadKey } from "../../../src/fleet/redis/keys.ts";
import { SCRIPTS, type ScriptName } from "../../../src/fleet/redis/scripts.ts";
import { randomOf } from "../../support/random.ts";
import { describeWithOwnRedis, startRedis } from "../../support/redis.ts";

const WORKERS = Number(process.env.SIM_WORKERS ?? 20);
const THREADS = Number(process.env.SIM_THREADS ?? 1_000);
/** Turns of each worker at once. */
const PLACES = 16;
const TENANTS = 1_000;
/** A tenth of the turns are those of one tenant, which may run as many at once. */
const HOT = "hot";
const HOT_LIMIT = Math.max(4, Math.round(WORKERS / 4));
const LOCK_MS = 30_000;
const TURN_MS = 5_000;
const KEEP_MS = 3_600_000;
/** A million threads take more than half an hour. */
const LIMIT_MS = 3 * 3_600_000;

interface SimTurn {
  readonly id: string;
  readonly key: string;
  readonly tenant: string;
}

/** The scripts on a real Redis, whose clock is virtual. */
class VirtualRedis {
  readonly client: Redis;
  readonly keys: Keys = new Keys("sim");
  readonly #base: string = this.keys.base;

  constructor(url: string) {
    this.client = new Redis(url);
    for (const [name, lua] of Object.entries(SCRIPTS)) {
      // The clock of Redis isn't the virtual clock of the test.
      const timed = lua.replace("redis.call('TIME')", "{redis.call('GET', P .. 'clock'), 0}");
      expect(timed).not.toBe(lua);
      const whole = timed.replace("clock[1] * 1000", "tonumber(clock[1])");
      this.client.defineCommand(`sim_${name}`, { numberOfKeys: 1, lua: whole });
    }
  }

  async setClock(now: number): Promise<void> {
    await this.client.set(`${this.#base}clock`, now);
  }

  run(script: ScriptName, ...args: readonly (string | number)[]): Promise<string[]> {
    const commands = this.client as unknown as Record<
      string,
      (...args: unknown[]) => Promise<string[]>
    >;
    return commands[`sim_${script}`]?.call(
      this.client,
      `${this.#base}seq`,
      this.#base,
      ...args,
    ) as Promise<string[]>;
  }
}

describeWithOwnRedis("a simulated fleet", () => {
  it(
    `runs every turn once on ${WORKERS} workers with ${THREADS} threads, through a rolling restart`,
    async () => {
      await using server = await startRedis();
      const redis = new VirtualRedis(server.url);
      const next = randomOf(7);
      const below = (limit: number) => Math.floor(limit * next());
      let now = 1_000_000_000_000;
      await redis.setClock(now);

      // Two turns for each thread, so that the second can run where the first did.
      const waiting: SimTurn[] = [];
      for (let index = 0; index < 2 * THREADS; index++) {
        const number = index % THREADS;
        const tenant = number % 10 === 0 ? HOT : `t${number % TENANTS}`;
        waiting.push({ id: `turn-${index}`, key: threadKey(tenant, `thread ${number}`), tenant });
      }
      const submit = (turn: SimTurn) => redis.run("submit", turn.id, turn.key, turn.tenant, "1");
      for (let start = 0; start < waiting.length; start += 5_000) {
        await Promise.all(waiting.slice(start, start + 5_000).map(submit));
      }
      const byId = new Map(waiting.map((turn) => [turn.id, turn]));

      const queue = waiting.map(({ id }) => id);
      const parked = new Set<string>();
      const free = new Map(Array.from({ length: WORKERS }, (_, index) => [`w${index}`, PLACES]));
      const lastWorker = new Map<string, string>();
      const runs = new Map<string, number>();
      const ending = new Set<{ at: number; turn: SimTurn; worker: string; epoch: string }>();
      /** Jobs of lost workers, and when BullMQ delivers them again. */
      const later = new Map<string, number>();
      const order = new Map<string, string[]>();
      const running = new Map<string, number>();
      let warm = 0;
      let mostHot = 0;
      let lost = 0;
      let restarted = 0;

      const report = (id: string) =>
        redis.client.set(
          redis.keys.worker(id),
          JSON.stringify({ capacity: PLACES, isClosing: false }),
        );
      await Promise.all([...free.keys()].map(report));
      // A listener is needed: without one, no turn is left to the worker that has its thread loaded.
      const listener = redis.client.duplicate();
      await listener.psubscribe(redis.keys.workerChannel("*"));

      const claim = async (id: string, worker: string, mayYield = "1"): Promise<void> => {
        const turn = byId.get(id) as SimTurn;
        const limit = turn.tenant === HOT ? HOT_LIMIT : 0;
        const [outcome, epoch = ""] = await redis.run(
          "claim",
          ...[id, turn.key, turn.tenant, worker, `${id} ${worker} ${now}`],
          ...[LOCK_MS, limit, 0, 1, KEEP_MS, mayYield],
        );
        if (outcome === "ended") return;
        const owner = lastWorker.get(turn.key) ?? "";
        if (outcome === "warm") return claim(id, (free.get(owner) ?? 0) > 0 ? owner : worker, "0");
        if (outcome !== "ok") {
          parked.add(id);
          return;
        }
        free.set(worker, (free.get(worker) ?? 0) - 1);
        if (lastWorker.get(turn.key) === worker) warm++;
        running.set(turn.tenant, (running.get(turn.tenant) ?? 0) + 1);
        mostHot = Math.max(mostHot, running.get(HOT) ?? 0);
        ending.add({ at: now + TURN_MS / 2 + below(TURN_MS), turn, worker, epoch });
      };
      const wake = (id: string | undefined) => {
        if (id && parked.delete(id)) queue.push(id);
      };

      while (queue.length > 0 || ending.size > 0 || later.size > 0) {
        const workers = [...free].flatMap(([worker, places]) =>
          Array.from({ length: places }, () => worker),
        );
        await Promise.all(
          queue.splice(0, workers.length).map((id, index) => claim(id, workers[index] ?? "")),
        );
        now += 500;
        await redis.setClock(now);
        // The workers are replaced one after another; every tenth is lost with its turns.
        if (restarted < WORKERS && now % 1_000 === 0) {
          const old = `w${restarted++}`;
          free.delete(old);
          free.set(`${old} again`, PLACES);
          await Promise.all([redis.client.del(redis.keys.worker(old)), report(`${old} again`)]);
          if (restarted % 10 === 0) {
            for (const one of [...ending].filter(({ worker }) => worker === old)) {
              ending.delete(one);
              running.set(one.turn.tenant, (running.get(one.turn.tenant) ?? 0) - 1);
              lost++;
              later.set(one.turn.id, now + LOCK_MS + 1_000);
            }
          }
        }
        for (const [id, at] of later) if (at <= now && later.delete(id)) queue.push(id);
        const over = [...ending].filter(({ at }) => at <= now);
        for (const one of over) ending.delete(one);
        await Promise.all(
          over.map(async ({ turn, worker, epoch }) => {
            const reply = await redis.run(
              "finish",
              ...[turn.id, turn.key, turn.tenant, epoch, 1, '{"events":[]}', KEEP_MS],
            );
            if (free.has(worker)) free.set(worker, (free.get(worker) ?? 0) + 1);
            running.set(turn.tenant, (running.get(turn.tenant) ?? 0) - 1);
            expect(reply[0]).toBe("ok");
            runs.set(turn.id, (runs.get(turn.id) ?? 0) + 1);
            lastWorker.set(turn.key, worker);
            order.set(turn.key, [...(order.get(turn.key) ?? []), turn.id]);
            wake(reply[1]);
            wake(reply[2]);
          }),
        );
      }
      const info = await redis.client.info("memory");
      const memory = Number(/used_memory:(\d+)/.exec(info)?.[1] ?? 0);
      redis.client.disconnect();
      listener.disconnect();

      expect(parked.size).toBe(0);
      const numbers = [...order.values()].map((ids) => ids.map((id) => Number(id.slice(5))));
      expect(numbers.filter(([first = 0, second = 0]) => first >= second)).toEqual([]);
      expect(runs.size).toBe(2 * THREADS);
      expect([...runs.values()].every((count) => count === 1)).toBe(true);
      expect(mostHot).toBeLessThanOrEqual(HOT_LIMIT);
      console.log(
        `simulated ${2 * THREADS} turns in ${Math.round((now - 1_000_000_000_000) / 1_000)} virtual s: ` +
          `${lost} lost with their workers, at most ${mostHot} of the hot tenant at once, ` +
          `${warm} on the worker of the thread's last turn, ${Math.round(memory / (2 * THREADS))} bytes of Redis a turn`,
      );
    },
    LIMIT_MS,
  );
});
