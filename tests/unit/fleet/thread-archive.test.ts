import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import { FencedError } from "../../../src/fleet/errors.ts";
import { Codec } from "../../../src/fleet/redis/codec.ts";
import type { ThreadStore } from "../../../src/fleet/store/thread-store.ts";
import { PackedHistories } from "../../../src/fleet/worker/packed-histories.ts";
import { ThreadArchive } from "../../../src/fleet/worker/thread-archive.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const path = "sessions/2026/01/01/rollout-t.jsonl";

/** A store that fails in this way before it works. */
function storeAfter(...failures: Error[]) {
  let saved: Buffer | undefined;
  let calls = 0;
  const attempt = <T>(value: () => T) => {
    calls++;
    const failure = failures.shift();
    if (failure) throw failure;
    return value();
  };
  const store: ThreadStore = {
    open: async () => attempt(() => ({ latest: saved, settled: undefined })),
    save: async (_thread, _epoch, state) =>
      attempt(() => {
        saved = state;
      }),
    delete: async () => {},
  };
  return { archive: new ThreadArchive(store, new Codec(undefined)), callsSoFar: () => calls };
}

/** Waits without the pauses. */
async function skippingPauses<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver) await vi.advanceTimersByTimeAsync(100).then(() => new Promise(setImmediate));
  return work;
}

async function saveTo(archive: ThreadArchive, isSettled: boolean): Promise<void> {
  await using home = await temporaryDirectory("thread-archive-");
  const file = join(home.path, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "{}\n");
  const codex = { metadata: { codexHome: home.path } } as unknown as Codex;
  const thread = { threadId: "t", path, options: {}, turn: "u", isSettled };
  const histories = { agents: [], packed: new PackedHistories() };
  await skippingPauses(archive.save("default/t", "1", codex, thread, histories));
}

const broken = () => new Error("EIO");
const fenced = () => new FencedError("taken");

describe("a store that fails for a moment", () => {
  it("is tried again when a thread is opened", async () => {
    const { archive, callsSoFar } = storeAfter(broken(), broken());
    const opened = await skippingPauses(archive.open("default/t", "1"));
    expect([opened.latest, callsSoFar()]).toEqual([undefined, 3]);
  });

  it("is tried again when a turn has ended", async () => {
    const { archive, callsSoFar } = storeAfter(broken(), broken(), broken(), broken());
    await saveTo(archive, true);
    expect(callsSoFar()).toBe(5);
    const { latest } = await archive.open("default/t", "2");
    expect(latest).toMatchObject({ threadId: "t", history: Buffer.from("{}\n") });
  });
});

it("a state that is too large when it is uncompressed isn't loaded", async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 20));
  const opened = { latest: bomb, settled: undefined };
  const store = { open: async () => opened } as unknown as ThreadStore;
  const archive = new ThreadArchive(store, new Codec(undefined), 100_000);
  await expect(archive.open("default/t", "1")).rejects.toThrow(
    "The uncompressed state of thread default/t is larger than the maximum of 100000 bytes",
  );
});

it.each<[string, Error[], boolean, number]>([
  ["while the turn runs: it is saved again later", [broken()], false, 1],
  ["if another worker has the thread", [fenced()], true, 1],
  ["after five failures", Array.from({ length: 9 }, broken), true, 5],
])("a store isn't tried again %s", async (_, failures, isSettled, calls) => {
  const { archive, callsSoFar } = storeAfter(...failures);
  await expect(saveTo(archive, isSettled)).rejects.toThrow();
  expect(callsSoFar()).toBe(calls);
});
