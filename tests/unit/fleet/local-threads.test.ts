import { expect, it } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import { FencedError } from "../../../src/fleet/errors.ts";
import type { TurnOrder } from "../../../src/fleet/wire.ts";
import type { Claim, TurnJob } from "../../../src/fleet/worker/claim.ts";
import {
  type LocalThread,
  LocalThreads,
  withTurnSettings,
} from "../../../src/fleet/worker/local-threads.ts";
import type { ThreadArchive } from "../../../src/fleet/worker/thread-archive.ts";
import { deferred } from "../../../src/util/deferred.ts";

/**
 * The threads of a worker. Its server has the threads that were placed there and not removed since then. The first
 * removal waits for `removing`.
 */
function worker({ maxKept = 10, removing = Promise.resolve() } = {}) {
  const options = { options: {}, tools: [], callerTools: [] };
  const stored = { threadId: "t1", path: "sessions/t1", options, agents: [] };
  let isPlaced = false;
  let removals = 0;
  const archive = {
    open: async () => ({ latest: stored, settled: async () => stored }),
    place: async () => {
      isPlaced = true;
    },
    remove: async () => {
      if (isPlaced && ++removals === 1) await removing;
      isPlaced = false;
    },
  } as unknown as ThreadArchive;
  const thread = { id: "t1", agents: async () => [] };
  const codex = {
    threadResume: async () => {
      if (!isPlaced) throw new Error("no rollout found");
      return thread;
    },
  } as unknown as Codex;
  const threads = new LocalThreads(archive, maxKept, () => []);
  return { threads, codex, isPlaced: () => isPlaced };
}

const job = { turn: "1", key: "x/t", thread: "t", tenant: "x" } as TurnJob;
const claimOf = (epoch: number) =>
  ({ epoch: `${epoch}`, previousEpoch: `${epoch - 1}` }) as unknown as Claim;
const order = {} as TurnOrder;

it("a run that was presumed lost leaves the thread to a later one on the same worker", async () => {
  const { threads, codex, isPlaced } = worker();
  const first = await threads.load(codex, job, claimOf(9), order, undefined);
  const second = await threads.load(codex, job, claimOf(10), order, undefined);
  await threads.discard(job, claimOf(9), first);
  expect(isPlaced()).toBe(true);
  await expect(threads.reset(first, job, claimOf(9), order, undefined)).rejects.toThrow(
    FencedError,
  );
  await expect(threads.load(codex, job, claimOf(9), order, undefined)).rejects.toThrow(FencedError);
  expect(isPlaced()).toBe(true);
  await threads.discard(job, claimOf(10), second);
  expect(isPlaced()).toBe(false);
});

it("loading waits while the thread is being removed", async () => {
  const gate = deferred<void>();
  const { threads, codex, isPlaced } = worker({ maxKept: 0, removing: gate.promise });
  const first = await threads.load(codex, job, claimOf(1), order, undefined);
  // It is removed, because none is kept.
  const keeping = threads.keep(job, claimOf(1), first);
  const loading = threads.load(codex, job, claimOf(3), order, undefined);
  loading.catch(() => {});
  await new Promise(setImmediate);
  gate.resolve();
  await Promise.all([keeping, loading]);
  expect(isPlaced()).toBe(true);
});

it("a run that fails to load its thread doesn't hold it", async () => {
  const { threads, codex, isPlaced } = worker();
  const broken = {
    threadResume: async () => {
      throw new Error("not now");
    },
  } as unknown as Codex;
  await expect(threads.load(broken, job, claimOf(5), order, undefined)).rejects.toThrow("not now");
  const local = await threads.load(codex, job, claimOf(4), order, undefined);
  await threads.discard(job, claimOf(4), local);
  expect(isPlaced()).toBe(false);
});

it("a thread is loaded with the settings of its start and of its turns", async () => {
  const environments = [{ environmentId: "box", cwd: "/box" }];
  const start = { permissions: ":workspace", environments, model: "m", projectId: "p" };
  const settings = { options: start, tools: [], callerTools: [] };
  const loaded = { settings } as unknown as LocalThread;
  const changed = withTurnSettings(loaded, { sandbox: "read-only", cwd: "/box/x", effort: "low" });
  const stored = { threadId: "t1", path: "sessions/t1", options: changed.settings, agents: [] };
  const archive = {
    open: async () => ({ latest: stored, settled: async () => stored }),
    place: async () => {},
    remove: async () => {},
  } as unknown as ThreadArchive;
  const resumed: unknown[] = [];
  const codex = {
    threadResume: async (_id: string, { tools: _, ...options }: object & { tools?: unknown }) => {
      resumed.push(options);
      return { id: "t1", agents: async () => [] };
    },
    request: async () => ({}),
  } as unknown as Codex;
  await new LocalThreads(archive, 10, () => []).load(codex, job, claimOf(1), order, undefined);
  expect(resumed).toEqual([{ environments, model: "m", sandbox: "read-only", cwd: "/box/x" }]);
});
