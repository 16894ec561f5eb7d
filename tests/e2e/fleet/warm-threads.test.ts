import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fleet, FleetTurn } from "../../../src/fleet/index.ts";
import { Gate, reply } from "../../../src/testing/index.ts";
import { TestFleet, type WorkerProcess } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

const SOON = { timeoutMs: 25_000 };
const POLL = { timeout: SOON.timeoutMs };

describeWithRedis("threads that a worker has loaded", () => {
  let test: TestFleet;
  let fleet: Fleet;
  let redis: Redis;

  beforeEach(async () => {
    test = await TestFleet.start(({ userText }) => userText);
    fleet = test.fleet();
    redis = new Redis(test.redis.url);
  });
  afterEach(async () => {
    redis?.disconnect();
    await test?.[Symbol.asyncDispose]();
  });

  const fieldOf = (turn: FleetTurn, field: string) =>
    redis.hget(`{codex}:${test.name}.turn:${turn.id}`, field);
  const run = async (input: string, thread?: string) => {
    const turn = await fleet.run(input, { thread });
    expect((await turn.run(SOON)).text).toBe(input);
  };

  /** A paused worker that has the threads loaded, while another worker leaves their next turns to it. */
  async function offered(
    threads: readonly string[],
    settings = {},
  ): Promise<{ owner: WorkerProcess; other: WorkerProcess; turns: FleetTurn[] }> {
    const owner = await test.worker(settings);
    for (const thread of threads) await run("load", thread);
    const other = await test.worker();
    owner.child.kill("SIGSTOP");
    const turns: FleetTurn[] = [];
    for (const thread of threads) turns.push(await fleet.run(`next of ${thread}`, { thread }));
    for (const turn of turns) {
      await expect.poll(() => fieldOf(turn, "reserved"), POLL).not.toBe(null);
    }
    return { owner, other, turns };
  }

  it("are kept for it, however slow it is", async () => {
    const { owner, turns } = await offered(["t"]);
    // The other worker has free capacity, and everything else runs there.
    for (const input of ["a", "b", "c", "d"]) await run(input);
    expect(await turns[0]?.phase()).toBe("queued");
    owner.child.kill("SIGCONT");
    expect((await turns[0]?.run(SOON))?.text).toBe("next of t");
    expect(await fieldOf(turns[0] as FleetTurn, "worker")).toBe(owner.id);
  });

  it("continue on another worker when the first one has no free capacity", async () => {
    const { owner, other, turns } = await offered(["t", "u"], { concurrency: 1 });
    const gate = new Gate();
    const asked: string[] = [];
    test.model.respond(({ userText }) => {
      asked.push(userText);
      return reply(gate, userText);
    });
    owner.child.kill("SIGCONT");
    await waitUntil("both turns run", () => asked.length === 2);
    const workers = await Promise.all(turns.map((turn) => fieldOf(turn, "worker")));
    expect(workers.toSorted()).toEqual([owner.id, other.id].toSorted());
    gate.open();
    for (const turn of turns) expect((await turn.run(SOON)).status).toBe("completed");
  });

  it("aren't waited for when it stops", async () => {
    const { owner, turns } = await offered(["t"]);
    owner.child.kill("SIGTERM");
    const ended = owner.end("SIGCONT");
    expect((await turns[0]?.run(SOON))?.text).toBe("next of t");
    expect(await ended).toBe(0);
  });

  it("continue on another one when it is lost", async () => {
    const { owner, other, turns } = await offered(["t"], { lockMs: 2_000 });
    await owner.end("SIGKILL");
    expect((await turns[0]?.run(SOON))?.text).toBe("next of t");
    expect(await fieldOf(turns[0] as FleetTurn, "worker")).toBe(other.id);
  });
});
