import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { TransportClosedError } from "../../../src/index.ts";
import { command, isolatedHome, startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

test("a real server runs on the script, in directories that are removed afterwards", async () => {
  const scripted = await startScripted({ script: [command("pwd"), "done"] });
  const { codex, model, home, cwd } = scripted;
  expect(await readdir(cwd)).toEqual([]);
  const thread = await codex.threadStart({ sandbox: "danger-full-access" });
  const result = await thread.run("where are you?");
  expect(result.text).toBe("done");
  expect(model.requests[0]?.userText).toBe("where are you?");
  expect(model.requests[1]?.lastOutput).toContain(cwd);
  await scripted[Symbol.asyncDispose]();
  expect([existsSync(home), existsSync(cwd)]).toEqual([false, false]);
});

test("a given working directory isn't removed", async () => {
  await using mine = await temporaryDirectory("codex-mine-");
  const scripted = await startScripted({ cwd: mine.path, script: () => "hello" });
  expect(scripted.cwd).toBe(mine.path);
  await scripted[Symbol.asyncDispose]();
  expect(existsSync(mine.path)).toBe(true);
});

test("commands run without the user's shell profile", async () => {
  await using mine = await temporaryDirectory("codex-mine-");
  for (const profile of [".profile", ".bash_profile", ".zprofile"]) {
    await writeFile(path.join(mine.path, profile), 'touch "$HOME/was-read"');
  }
  const script = [command("pwd"), "done"];
  await using scripted = await startScripted({ env: { HOME: mine.path }, script });
  const thread = await scripted.codex.threadStart({ sandbox: "danger-full-access" });
  const { items } = await thread.run("where are you?");
  expect(items[1]).toMatchObject({ type: "commandExecution", exitCode: 0 });
  expect(existsSync(path.join(mine.path, "was-read"))).toBe(false);
});

test("a server that can't be started leaves nothing behind", async () => {
  await using mine = await temporaryDirectory("codex-mine-");
  for (const variable of ["TMPDIR", "TEMP"]) vi.stubEnv(variable, mine.path);
  expect(tmpdir()).toBe(mine.path);
  await expect(startScripted({ codexBin: "/no/such/codex" })).rejects.toThrow("/no/such/codex");
  expect(await readdir(mine.path)).toEqual([]);
});

test("a program that exits without closing anything leaves no directories behind", async () => {
  const program = path.resolve(import.meta.dirname, "../../support/exit-early.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const directories: string[] = JSON.parse(stdout);
  expect(directories).toHaveLength(2);
  expect(directories.filter((directory) => existsSync(directory))).toEqual([]);
});

test("close() ends the server and removes its directories", async () => {
  const scripted = await startScripted();
  const home = await isolatedHome();
  await scripted.close();
  await home.close();
  await expect(scripted.codex.threadStart()).rejects.toThrow(TransportClosedError);
  expect([scripted.home, scripted.cwd, home.path].filter((one) => existsSync(one))).toEqual([]);
});
