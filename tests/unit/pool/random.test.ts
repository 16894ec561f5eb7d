import { expect, test } from "vitest";
import type { Codex } from "../../../src/index.ts";
import type { CodexLease } from "../../../src/pool/index.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { fakePool } from "../../support/pool.ts";
import { randomOf } from "../../support/random.ts";

const SEEDS = 40;
const STEPS = 120;
const MAX_SERVERS = 3;

/** Errors of a use whose function didn't fail: they come from the pool, its user or the server. */
const EXPECTED = /aborted|closed|was stopped|crashed|has ended|no such program/;

test("with random faults, servers are limited, never started twice, never stopped in use, and every call ends", async () => {
  for (let seed = 0; seed < SEEDS; seed++) await run(seed);
});

async function run(seed: number): Promise<void> {
  const random = randomOf(seed);
  const under = (count: number) => Math.floor(random() * count);
  const pick = <T>(all: readonly T[]): T | undefined => all[under(all.length)];
  const where = `seed ${seed}`;

  const closing = () => pause(under(15));
  const { pool, running, server } = fakePool({ maxServers: MAX_SERVERS, closing }, async () => {
    if (under(4) === 0) await pause(under(3));
    if (under(20) === 0) throw new Error("no such program");
    check();
  });
  /** The number of running uses, by key, and the keys whose server the test has ended. */
  const used = new Map<string, number>();
  const ended = new Set<string>();
  const calls: Promise<unknown>[] = [];
  const leases: CodexLease[] = [];

  function check(): void {
    expect(running.length, where).toBeLessThanOrEqual(MAX_SERVERS);
    expect(pool.status.servers, where).toBeLessThanOrEqual(MAX_SERVERS);
    expect(new Set(running).size, where).toBe(running.length);
    for (const key of used.keys()) {
      if (!ended.has(key)) expect(running, `${where}: ${key} is in use`).toContain(key);
    }
  }
  function begin(key: string, { status }: Codex): void {
    // The test may have just ended it.
    if (status.state === "closed") ended.add(key);
    else if (!used.has(key)) ended.delete(key);
    used.set(key, (used.get(key) ?? 0) + 1);
    check();
  }
  function end(key: string): void {
    check();
    const left = (used.get(key) ?? 0) - 1;
    if (left > 0) used.set(key, left);
    else used.delete(key);
  }
  function use(): void {
    const key = `${under(8)}`;
    const controller = new AbortController();
    const call = pool.use(
      key,
      async (codex) => {
        begin(key, codex);
        await pause(under(4));
        end(key);
      },
      { signal: controller.signal },
    );
    calls.push(call.catch(expectedOnly));
    if (under(5) === 0) void pause(under(3)).then(() => controller.abort());
  }
  function lease(): void {
    const key = `${under(8)}`;
    const call = pool.get(key).then((one) => {
      begin(key, one.codex);
      leases.push(one);
    });
    calls.push(call.catch(expectedOnly));
  }
  function release(): void {
    const [one] = leases.splice(under(leases.length), 1);
    if (!one) return;
    end(one.key);
    one.release();
  }
  function crash(): void {
    const key = pick(running);
    if (key === undefined) return;
    ended.add(key);
    server(key).disconnect("it crashed");
  }
  function stop(): void {
    const key = `${under(8)}`;
    ended.add(key);
    calls.push(pool.stop(key));
  }
  function expectedOnly(error: Error): void {
    expect(error.message, where).toMatch(EXPECTED);
  }

  const steps = [use, use, use, use, use, use, lease, release, release, crash, stop];
  for (let step = 0; step < STEPS; step++) {
    pick(steps)?.();
    check();
    if (under(3) === 0) await pause(under(2));
  }
  // Other calls may wait until the leases are released.
  const all = Promise.all(calls);
  let isOver = false;
  void all.then(() => {
    isOver = true;
  });
  while (!isOver) {
    release();
    await pause(1);
  }
  while (leases.length > 0) release();
  expect(pool.status.waiting, where).toBe(0);
  await pool.close();
  expect(running, where).toEqual([]);
}

/** Lets this many iterations of the event loop pass. */
async function pause(iterations: number): Promise<void> {
  for (let left = iterations; left >= 0; left--) {
    const passed = deferred<void>();
    setImmediate(passed.resolve);
    await passed.promise;
  }
}
