import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Fleet } from "../../dist/fleet/index.js";
import { ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { startRedis } from "../support/redis.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { differences } from "../support/statistics.mjs";

const program = fileURLToPath(new URL("../workers/fleet-worker.mjs", import.meta.url));

/** What a fleet adds to a turn, and how much one Redis can handle. */
export const fleet = {
  name: "fleet",
  async run({ model, quick, progress }) {
    const redis = await startRedis().catch(() => undefined);
    if (!redis)
      return { rows: [absent({ what: "a fleet", against: "–", note: "needs redis-server" })] };
    try {
      progress("a turn of a fleet");
      const rows = [await added({ redis, model, rounds: quick ? 20 : 200 })];
      progress("the events of a fleet");
      rows.push(await events({ redis, turns: quick ? 3 : 10 }));
      for (const workers of [1, 2, 4, 8]) {
        progress(`a fleet of ${workers}`);
        rows.push(await throughput({ redis, workers, turns: quick ? 100 : 600 }));
      }
      return { rows };
    } finally {
      await redis[Symbol.asyncDispose]();
    }
  },
};

/**
 * A turn through Redis and a worker, compared with the same turn of a client, on running servers.
 */
async function added({ redis, model, rounds }) {
  const name = "added";
  const [worker] = await startWorkers(1, { connection: redis.url, name, url: model.url });
  const caller = new Fleet({ connection: redis.url, name });
  try {
    return await using([() => homeFor(model)], (home) =>
      using([() => ours({ home })], async (client) => {
        const fleetTurn = async () => (await caller.run("Hi.", { thread: "t" })).run();
        await fleetTurn();
        await client.turn();
        const figures = await interleave(
          { fleet: () => timed(fleetTurn), client: () => timed(() => client.turn()) },
          { rounds },
        );
        return row({
          what: "a turn of a fleet, thread loaded",
          against: "a turn of `Codex`",
          ...{ atMost: 15, unit: "ms more" },
          samples: differences(figures.fleet, figures.client),
          raw: figures,
        });
      }),
    );
  } finally {
    await caller.close();
    worker.kill("SIGKILL");
  }
}

/** Deltas of one character, from a worker to a reader in another process. */
async function events({ redis, turns }) {
  const name = "events";
  const deltas = 20_000;
  const [worker] = await startWorkers(1, { connection: redis.url, name, deltas });
  const caller = new Fleet({ connection: redis.url, name });
  const samples = [];
  try {
    for (let count = 0; count < turns; count++) {
      let read = 0;
      const ms = await timed(async () => {
        const turn = await caller.run("go", { thread: "t" });
        for await (const { method, params } of turn.stream()) {
          if (method === "item/agentMessage/delta") read += params.delta.length;
        }
      });
      if (read !== deltas) throw new Error(`${read} deltas of ${deltas}`);
      samples.push((deltas / ms) * 1_000);
    }
  } finally {
    await caller.close();
    worker.kill("SIGKILL");
  }
  return row({ what: "deltas from a worker to a reader", against: "–", unit: "a second", samples });
}

/** Turns of 50 ms on simulated servers. */
async function throughput({ redis, workers, turns }) {
  const name = `w${workers}`;
  const settings = { connection: redis.url, name, turnMs: 50, deltas: 20, concurrency: 16 };
  const children = await startWorkers(workers, settings);
  const caller = new Fleet({ connection: redis.url, name });
  try {
    const run = async (index) =>
      (await caller.run("go", { thread: `t${index % (16 * workers)}` })).run();
    await Promise.all(Array.from({ length: 16 * workers }, (_, index) => run(index)));
    const ms = await timed(() =>
      Promise.all(Array.from({ length: turns }, (_, index) => run(index))),
    );
    return row({
      what: `turns of 50 ms, ${workers} worker${workers === 1 ? "" : "s"} of 16`,
      ...{ against: "–", unit: "a second", samples: [(turns / ms) * 1_000] },
    });
  } finally {
    await caller.close();
    for (const child of children) child.kill("SIGKILL");
  }
}

function startWorkers(count, settings) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(program, [JSON.stringify(settings)]);
      await once(child, "message");
      return child;
    }),
  );
}
