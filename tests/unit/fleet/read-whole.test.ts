import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readWhole } from "../../../src/fleet/worker/read-whole.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

const PIECE = 512 * 1024;

it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])(
  "reads a file of %i bytes",
  async (size) => {
    await using folder = await temporaryDirectory("read-whole-");
    const path = join(folder.path, "file");
    const bytes = randomBytes(size);
    await writeFile(path, bytes);
    expect((await readWhole(path)).equals(bytes)).toBe(true);
  },
);

it("rejects for a file that doesn't exist", async () => {
  await using folder = await temporaryDirectory("read-whole-");
  await expect(readWhole(join(folder.path, "file"))).rejects.toMatchObject({ code: "ENOENT" });
});
