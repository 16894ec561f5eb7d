import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { deleteWithoutStrangers, restoreKept } from "../../../src/fleet/worker/strangers.ts";
import type { Codex } from "../../../src/index.ts";
import { JsonRpcError, RequestTimeoutError } from "../../../src/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

/** A client whose server lists these threads below "own", or fails to, and deletes their files with it. */
function clientOf(below: Error | readonly { readonly id: string; readonly path: string }[]) {
  const deleted: string[] = [];
  const client = {
    async *threads({ ancestorThreadId = "" }) {
      if (ancestorThreadId !== "own") return;
      if (below instanceof Error) throw below;
      for (const one of below) yield { ...one, parentThreadId: "own", source: "cli" };
    },
    async threadDelete(id: string) {
      deleted.push(id);
      if (id === "own" && !(below instanceof Error)) for (const { path } of below) await rm(path);
    },
  };
  return { deleted, codex: client as unknown as Codex };
}

test.each([
  ["didn't answer", new RequestTimeoutError("thread/list", 100)],
  ["refuses", new JsonRpcError("thread/list", { code: -32603, message: "no database" })],
])(
  "no thread is deleted if the server %s to list what would be deleted with it",
  async (_, error) => {
    const { codex, deleted } = clientOf(error);
    await expect(deleteWithoutStrangers(codex, ["other", "own"])).rejects.toBe(error);
    expect(deleted).toEqual([]);
  },
);

test("the histories of other threads are kept, even if the worker ends while it deletes a thread", async () => {
  await using home = await temporaryDirectory("home-");
  const folder = join(home.path, "sessions/2026/11/28");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "rollout-theirs.jsonl");
  await writeFile(path, "history");
  const { codex, deleted } = clientOf([{ id: "theirs", path }]);
  const ending = codex.threadDelete.bind(codex);
  await deleteWithoutStrangers(codex, ["own"]);
  expect(deleted).toEqual(["own"]);
  expect(readdirSync(folder)).toEqual(["rollout-theirs.jsonl"]);
  // What is left if the process ends before it restores the history.
  let left: () => void = () => {};
  const isLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  Object.assign(codex, {
    threadDelete: async (id: string) => {
      await ending(id);
      left();
      return new Promise(() => {});
    },
  });
  void deleteWithoutStrangers(codex, ["own"]);
  await isLeft;
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/\.kept$/)]);
  await restoreKept(home.path);
  expect(readFileSync(path, "utf8")).toBe("history");
  expect(readdirSync(folder)).toEqual(["rollout-theirs.jsonl"]);
  await restoreKept(join(home.path, "missing"));
});

test.runIf(process.platform === "linux")(
  "kept histories are restored next to entries that can't be",
  async () => {
    await using home = await temporaryDirectory("kept-");
    const sessions = join(home.path, "sessions");
    const kept = (name: string) => `${name}.${"0".repeat(36)}.kept`;
    await mkdir(join(sessions, kept("folder")), { recursive: true });
    await writeFile(join(sessions, "folder"), "");
    const inside = join(sessions, kept("folder"), "a.jsonl");
    await writeFile(kept(inside), "A");
    await symlink(sessions, join(sessions, "loop"));
    await writeFile(join(sessions, kept("")), "no name");
    const bytes = [Buffer.from(`${sessions}/b`), Buffer.from([0xff]), Buffer.from(kept(""))];
    await writeFile(Buffer.concat(bytes), "B");
    await writeFile(join(sessions, kept("z.jsonl")), "Z");
    await writeFile(join(home.path, "archived_sessions"), "not a folder");
    const failed = await restoreKept(home.path);
    expect(failed.map(({ path }) => basename(path))).toEqual([
      expect.stringMatching(/^b\ufffd\..*\.kept$/),
      "archived_sessions",
    ]);
    expect(readFileSync(inside, "utf8")).toBe("A");
    expect(readFileSync(join(sessions, "z.jsonl"), "utf8")).toBe("Z");
    expect(readFileSync(join(sessions, kept("")), "utf8")).toBe("no name");
  },
);
