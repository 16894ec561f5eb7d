import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Codex } from "../../dist/index.js";
import { CodexPool } from "../../dist/pool/index.js";
import { scriptedConfig } from "../../dist/testing/index.js";
import { interleave, timed } from "../support/interleave.mjs";
import { using } from "../support/resources.mjs";
import { row } from "../support/row.mjs";
import { differences, median, ratios } from "../support/statistics.mjs";
import { treeMemory } from "../support/tree-memory.mjs";

const GB = 2 ** 30;
const INPUT = "Have a look at it.";
const ACTIVE = 20;

/**
 * What a pool adds to a call, how long a tenant waits for its server, and many tenants on few
 * servers.
 */
export const pool = {
  name: "pool",
  async run({ model, quick, progress }) {
    const tenants = quick ? 60 : 1_000;
    const rows = [
      await uses({ model, rounds: quick ? 6 : 20 }),
      await starts({ model, rounds: quick ? 6 : 20 }),
    ];
    progress("a server for each tenant");
    const alone = await memoryOfEach({ model, count: ACTIVE });
    const visits = await manyTenants({ model, tenants, progress });
    return { rows: [...rows, ...rowsOf({ tenants, visits, alone })] };
  },
};

/**
 * The CPU time of this process for a call through the pool to a running server, and for the same
 * call of a client.
 */
async function uses({ model, rounds }) {
  const count = 500;
  const ask = (codex) => codex.request("thread/loaded/list", { limit: 1 });
  return withPool({ model, maxServers: 1 }, async (pool) => {
    const codex = await pool.use("a", (it) => it);
    const many = (call) => async () => {
      const start = process.cpuUsage();
      for (let index = 0; index < count; index++) await call();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / count;
    };
    const contenders = { pool: many(() => pool.use("a", ask)), client: many(() => ask(codex)) };
    const figures = await interleave(contenders, { rounds });
    return row({
      what: "CPU of a call in `pool.use()`, server runs",
      against: "`Codex`",
      atMost: 50,
      unit: "µs more",
      samples: differences(figures.pool, figures.client),
      raw: figures,
    });
  });
}

/**
 * The time until a use that has to start its server calls its function, and the time to start a
 * client.
 */
async function starts({ model, rounds }) {
  return withPool({ model, maxServers: 1 }, async (pool, options) => {
    // Neither starts in a fresh home, which takes longer.
    const env = { CODEX_HOME: await pool.use("a", ({ metadata }) => metadata.codexHome) };
    const figures = await interleave(
      {
        async pool() {
          await pool.stop("a");
          return timed(() => pool.use("a", () => {}));
        },
        async client() {
          await pool.stop("a");
          const codex = new Codex({ ...options, env });
          const ms = await timed(() => codex.connect());
          await codex.close();
          return ms;
        },
      },
      { rounds },
    );
    return row({
      what: "a use whose server must be started",
      against: "`Codex.start()`",
      atMost: 1.1,
      samples: ratios(figures.pool, figures.client),
      raw: figures,
    });
  });
}

/** The memory per idle server with this many of them, each with a thread of one turn, in bytes. */
async function memoryOfEach({ model, count }) {
  return withPool({ model, maxServers: count }, async (pool) => {
    const keys = Array.from({ length: count }, (_, index) => `tenant ${index}`);
    for (const key of keys) await pool.use(key, visit);
    return pool.status.tenants.map(({ pid }) => treeMemory(pid));
  });
}

/**
 * Every tenant visits twice, 20 at a time: first with a new home, then with its thread from before.
 */
async function manyTenants({ model, tenants, progress }) {
  const keys = Array.from({ length: tenants }, (_, index) => `tenant ${index}`);
  const threads = new Map();
  return withPool({ model, maxServers: ACTIVE }, async (pool) => {
    let peak = 0;
    const sampling = setInterval(() => {
      const pids = pool.status.tenants.flatMap(({ pid }) => pid ?? []);
      peak = Math.max(
        peak,
        pids.reduce((sum, pid) => sum + treeMemory(pid), 0),
      );
    }, 2_000);
    const rounds = [];
    for (const name of ["first", "second"]) {
      const waits = [];
      const ms = await timed(() =>
        atOnce(keys, ACTIVE, async (key, index) => {
          progress(`${name} visit of tenant ${index + 1} of ${tenants}`);
          const visited = await timed(() =>
            pool.use(key, async (codex) => {
              threads.set(key, await visit(codex, threads.get(key)));
            }),
          );
          waits.push(visited);
        }),
      );
      rounds.push({ name, ms, waits });
    }
    clearInterval(sampling);
    return { rounds, peak };
  });
}

async function visit(codex, threadId) {
  const thread = await (threadId ? codex.threadResume(threadId) : codex.threadStart());
  (await thread.run(INPUT)).throwIfFailed();
  return thread.id;
}

async function atOnce(items, count, work) {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) await work(item, index);
  };
  await Promise.all(Array.from({ length: count }, worker));
}

function rowsOf({ tenants, visits, alone }) {
  const many = `${tenants.toLocaleString("en")} tenants, ${ACTIVE} at once`;
  const rows = visits.rounds.map(({ name, ms, waits }) => {
    const sorted = waits.toSorted((a, b) => a - b);
    return row({
      what: `${many}: ${name} visit, with a turn`,
      against: `${((tenants / ms) * 1000).toFixed(1)} visits a second`,
      unit: "ms",
      samples: [0.1, 0.5, 0.9].map((part) => sorted[Math.floor(part * sorted.length)]),
      raw: { ms, waits },
    });
  });
  const each = median(alone);
  rows.push(
    row({
      what: `memory of the servers, ${many}`,
      against: `a server for each tenant (${((each * tenants) / GB).toFixed(0)} GB)`,
      atLeast: tenants / ACTIVE / 2,
      unit: "× less",
      samples: [(each * tenants) / visits.peak],
      raw: { peak: visits.peak, alone },
    }),
  );
  return rows;
}

async function withPool({ model, maxServers }, use) {
  const home = await mkdtemp(join(tmpdir(), "codex-pool-"));
  const codex = { config: scriptedConfig(model.url), cwd: home, onWarning: () => {} };
  try {
    return await using([() => new CodexPool({ home, maxServers, codex })], (pool) =>
      use(pool, codex),
    );
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
