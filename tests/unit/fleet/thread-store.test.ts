import { execFileSync } from "node:child_process";
import { mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  BlobThreadStore,
  FencedError,
  folderStore,
  redisStore,
  s3Store,
  type ThreadStore,
} from "../../../src/fleet/index.ts";
import {
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../../src/testing/temporary-directory.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { memoryBlobs } from "../../support/memory-blobs.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../../support/redis.ts";
import { type S3Server, startS3 } from "../../support/s3-server.ts";

const bytes = (text: string) => Buffer.from(text);
const shown = async (store: ThreadStore, thread: string, epoch: number) => {
  const { latest, settled } = await store.open(thread, String(epoch));
  return { latest: latest?.toString(), settled: settled?.toString() };
};

/** The behaviours of every store. `make` returns another store with the same data, as another process would use. */
function behaviours(make: () => ThreadStore): void {
  it("has nothing for a thread that wasn't saved", async () => {
    expect(await shown(make(), "t/new", 1)).toEqual({ latest: undefined, settled: undefined });
    expect(await shown(make(), "t/new", 2)).toEqual({ latest: undefined, settled: undefined });
  });

  it("returns the last state, and the last settled one, in another process", async () => {
    const store = make();
    await store.open("t/one", "1");
    await store.save("t/one", "1", bytes("a"), false);
    await store.save("t/one", "1", bytes("ab"), false);
    expect(await shown(make(), "t/one", 2)).toEqual({ latest: "ab", settled: undefined });
    const next = make();
    await next.open("t/one", "3");
    await next.save("t/one", "3", bytes("abc"), true);
    await next.save("t/one", "4", bytes("abcd"), false);
    expect(await shown(make(), "t/one", 5)).toEqual({ latest: "abcd", settled: "abc" });
    expect(await shown(make(), "t/one", 6)).toEqual({ latest: "abcd", settled: "abc" });
  });

  it("doesn't let a worker that was replaced change anything", async () => {
    const old = make();
    await old.open("t/two", "1");
    await old.save("t/two", "1", bytes("before"), true);
    await old.save("t/two", "1", bytes("lost"), false);
    expect(await shown(make(), "t/two", 2)).toEqual({ latest: "lost", settled: "before" });
    await old.save("t/two", "1", bytes("zombie"), true).catch(() => {});
    await old.save("t/two", "1", bytes("zombie again"), false).catch(() => {});
    expect(await shown(make(), "t/two", 3)).toEqual({ latest: "lost", settled: "before" });
    await expect(old.open("t/two", "2")).rejects.toBeInstanceOf(FencedError);
    await expect(make().save("t/two", "2", bytes("zombie"), true)).rejects.toBeInstanceOf(
      FencedError,
    );
    expect(await shown(make(), "t/two", 4)).toEqual({ latest: "lost", settled: "before" });
  });

  it("keeps tenants' threads apart, and deletes only the given one", async () => {
    const store = make();
    for (const thread of ["a/x", "b/x"]) {
      await store.open(thread, "1");
      await store.save(thread, "1", bytes(thread), true);
    }
    await store.delete("a/x");
    expect(await shown(make(), "a/x", 2)).toEqual({ latest: undefined, settled: undefined });
    expect(await shown(make(), "b/x", 2)).toEqual({ latest: "b/x", settled: "b/x" });
  });
}

describe("a store of blobs", () => {
  const all = new Map<string, Buffer>();
  behaviours(() => new BlobThreadStore(memoryBlobs(all)));

  it("keeps two blobs of a thread at most", async () => {
    const blobs = new Map<string, Buffer>();
    const store = new BlobThreadStore(memoryBlobs(blobs));
    for (let epoch = 1; epoch <= 20; epoch++) {
      if (epoch % 3 === 0) await store.open("t", String(epoch));
      for (let save = 0; save < 5; save++) {
        await store.save("t", String(epoch), bytes(`${epoch}.${save}`), save === 4);
        // Blobs in memory are removed before the event loop continues.
        await new Promise((resolve) => setImmediate(resolve));
        expect(blobs.size).toBeLessThanOrEqual(2);
      }
    }
  });

  it("doesn't wait for the removal of replaced blobs, nor fail with it", async () => {
    const blobs = memoryBlobs();
    const gate = deferred<void>();
    const store = new BlobThreadStore({ ...blobs, remove: () => gate.promise });
    await store.save("t", "1", bytes("a"), false);
    await store.save("t", "1", bytes("ab"), true);
    gate.reject(new Error("no more requests today"));
    await store.save("t", "2", bytes("abc"), true);
    expect(await shown(new BlobThreadStore(blobs), "t", 3)).toEqual({
      ...{ latest: "abc", settled: "abc" },
    });
  });

  it("returns the same state to every later worker, no matter what earlier workers still do", async () => {
    // Each number lets one of the workers make its next call to the store.
    const schedules = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const blobs = memoryBlobs();
        const gates: (() => void)[][] = [[], [], []];
        const turn = (worker: number) =>
          new Promise<void>((resolve) => void gates[worker]?.push(resolve));
        const stepwise = (worker: number) =>
          new BlobThreadStore({
            list: (folder) => turn(worker).then(() => blobs.list(folder)),
            read: (folder, name) => turn(worker).then(() => blobs.read(folder, name)),
            write: (folder, name, data) => turn(worker).then(() => blobs.write(folder, name, data)),
            remove: (folder, names) => turn(worker).then(() => blobs.remove(folder, names)),
          });
        const opened: (string | undefined)[] = [];
        const work = [1, 2, 3].map(async (epoch) => {
          const store = stepwise(epoch - 1);
          const { latest } = await store.open("t", String(epoch));
          opened[epoch] = latest?.toString();
          for (let save = 1; save <= 3; save++) {
            await store.save("t", String(epoch), bytes(`${epoch}.${save}`), save === 3);
          }
        });
        const done = Promise.allSettled(work);
        for (const worker of [
          ...schedule,
          ...Array.from({ length: 200 }, (_, index) => index % 3),
        ]) {
          gates[worker]?.shift()?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        await done;
        const last = new BlobThreadStore(blobs);
        const { latest, settled } = await last.open("t", "4");
        const newest = opened.findLastIndex((_, epoch) => epoch in opened);
        // The last worker that could open it has saved everything, or wasn't replaced.
        expect(latest?.toString()).toBe(`${newest}.3`);
        expect(settled?.toString()).toBe(`${newest}.3`);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a store in a folder", () => {
  let folder: TemporaryDirectory;
  beforeAll(async () => {
    folder = await temporaryDirectory("folder-store-");
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  behaviours(() => folderStore(folder.path));

  it("leaves no partial files", async () => {
    const names = await readdir(folder.path, { recursive: true });
    expect(names.filter((name) => /(^|\/)\./.test(name))).toEqual([]);
  });

  it.runIf(process.platform === "linux")("reads only regular files, up to 512 MiB", async () => {
    await using own = await temporaryDirectory("hostile-store-");
    const store = folderStore(own.path);
    await store.open("t", "1");
    const names = await readdir(own.path, { recursive: true });
    const path = join(own.path, names.find((name) => name.endsWith("-settled")) ?? "");
    const becomes = async (change: () => unknown, message: string) => {
      await rm(path, { recursive: true });
      await change();
      await expect(store.open("t", "2")).rejects.toThrow(message);
    };
    await becomes(() => execFileSync("/usr/bin/env", ["mkfifo", path]), "isn't a regular file");
    await becomes(() => symlink("/dev/zero", path), "isn't a regular file");
    await becomes(() => mkdir(path), "isn't a regular file");
    await becomes(async () => {
      await writeFile(path, "");
      await truncate(path, 2 ** 29 + 1);
    }, "is larger than the maximum of 536870912 bytes");
    await rm(path);
    await symlink("/proc/self/pagemap", path);
    expect(await shown(store, "t", 2)).toEqual({ latest: undefined, settled: undefined });
  });
});

describe("a store in S3", () => {
  let server: S3Server;
  let client: S3Client;
  beforeAll(async () => {
    server = await startS3();
    client = new S3Client({
      ...{ endpoint: server.url, region: "local", forcePathStyle: true },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });
  behaviours(() => s3Store({ client, bucket: "threads" }));

  it("doesn't read a state that is larger than 512 MiB", async () => {
    const destroy = vi.fn();
    const send = async ({ input }: { readonly input: { readonly Prefix?: string } }) =>
      input.Prefix === undefined
        ? { ContentLength: 2 ** 29 + 1, Body: { destroy } }
        : { Contents: [{ Key: `${input.Prefix}0000000000000001-00000002-settled` }] };
    const store = s3Store({ client: { send } as unknown as S3Client, bucket: "threads" });
    await expect(store.open("t", "2")).rejects.toThrow(
      "is larger than the maximum of 536870912 bytes",
    );
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it("passes on what the storage refuses", async () => {
    const store = s3Store({ client, bucket: "another" });
    await expect(store.open("t", "1")).rejects.toThrow();
  });
});

describeWithRedis("a store in Redis", () => {
  let redis: TestRedis;
  let store: ThreadStore & Disposable;
  const name = `store${process.pid}`;
  beforeAll(async () => {
    redis = await startRedis();
    store = redisStore(redis.url, { name });
  });
  afterAll(async () => {
    store[Symbol.dispose]();
    await redis[Symbol.asyncDispose]();
  });
  const made: Disposable[] = [];
  afterAll(() => {
    for (const one of made) one[Symbol.dispose]();
  });
  behaviours(() => {
    const another = redisStore(redis.url, { name });
    made.push(another);
    return another;
  });
});
