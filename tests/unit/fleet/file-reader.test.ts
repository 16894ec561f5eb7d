import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FileReader } from "../../../src/fleet/worker/file-reader.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { deferred } from "../../../src/util/deferred.ts";

const PIECE = 512 * 1024;
const SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5];

const copied = async (bytes: Buffer) => Buffer.from(bytes);

it.each(SIZES)("reads a file of %i bytes", async (size) => {
  await using folder = await temporaryDirectory("file-reader-");
  const path = join(folder.path, "file");
  const bytes = randomBytes(size);
  await writeFile(path, bytes);
  const files = new FileReader();
  for (let reads = 0; reads < 3; reads++) {
    expect((await files.read(path, copied)).equals(bytes)).toBe(true);
  }
});

it("keeps what is read at the same time apart", async () => {
  await using folder = await temporaryDirectory("file-reader-");
  const files = new FileReader();
  const written = await Promise.all(
    [...SIZES, ...SIZES].map(async (size, index) => {
      const path = join(folder.path, String(index));
      const bytes = randomBytes(size);
      await writeFile(path, bytes);
      return { path, bytes };
    }),
  );
  for (let rounds = 0; rounds < 2; rounds++) {
    let open = 0;
    const all = deferred<void>();
    const read = async (bytes: Buffer) => {
      if (++open === written.length) all.resolve();
      await all.promise;
      return copied(bytes);
    };
    const found = await Promise.all(written.map(({ path }) => files.read(path, read)));
    expect(found.every((bytes, index) => written[index]?.bytes.equals(bytes))).toBe(true);
  }
});

it("uses a buffer again, unless its use failed", async () => {
  await using folder = await temporaryDirectory("file-reader-");
  const path = join(folder.path, "file");
  await writeFile(path, "text");
  const files = new FileReader();
  const memoryOf = () => files.read(path, async (bytes) => bytes.buffer);
  const first = await memoryOf();
  expect(await memoryOf()).toBe(first);
  const failing = files.read(path, async () => {
    throw new Error("no use");
  });
  await expect(failing).rejects.toThrow("no use");
  expect(await memoryOf()).not.toBe(first);
});

it("rejects for a file that doesn't exist", async () => {
  await using folder = await temporaryDirectory("file-reader-");
  const reading = new FileReader().read(join(folder.path, "file"), copied);
  await expect(reading).rejects.toMatchObject({ code: "ENOENT" });
});
