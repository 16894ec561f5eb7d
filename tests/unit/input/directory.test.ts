import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InvalidInputError } from "../../../src/errors/errors.ts";
import { checkDirectory } from "../../../src/input/directory.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "directory-"));
  await writeFile(join(dir, "file"), "");
});

afterAll(() => rm(dir, { recursive: true }));

test("a directory passes", async () => {
  await expect(checkDirectory(dir, "cwd")).resolves.toBeUndefined();
});

test("an invalid one is refused with its complete path", async () => {
  const gone = checkDirectory(join(dir, "gone"), "cwd");
  await expect(gone).rejects.toThrow(InvalidInputError);
  await expect(gone).rejects.toThrow(`cwd: ${join(dir, "gone")} can't be found`);
  await expect(gone).rejects.toMatchObject({ cause: { code: "ENOENT" } });
  const file = checkDirectory(join(dir, "file"), "threadStart: cwd");
  await expect(file).rejects.toThrow(`threadStart: cwd: ${join(dir, "file")} isn't a directory`);
  await expect(checkDirectory("no-such-directory", "cwd")).rejects.toThrow(process.cwd());
});
