import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import {
  isolatedHome,
  type Reply,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";

/** The built program. */
export const main: string = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The built command line, with a directory for each test of the file. */
export function commandLine() {
  const undo: (() => Promise<unknown>)[] = [];
  /** A project, an empty CODEX_HOME, a directory for temporary files, and the parent of all three. */
  const place = { project: "", home: "", tmp: "", root: "" };

  beforeEach(async () => {
    place.root = await mkdtemp(path.join(tmpdir(), "cli-"));
    undo.push(() => rm(place.root, { recursive: true, force: true, maxRetries: 5 }));
    const create = (name: string) => mkdtemp(path.join(place.root, `${name}-`));
    place.project = await create("project");
    place.home = await create("home");
    place.tmp = await create("tmp");
    await writeFile(path.join(place.project, "README.md"), "# Kettle\n\nIt boils water.\n");
  });

  afterEach(async () => {
    for (const one of undo.splice(0).reverse()) await one();
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { CODEX_API_KEY: _codex, OPENAI_API_KEY: _openai, ...rest } = process.env;
    const child = spawn(process.execPath, [main, ...args], {
      cwd: place.project,
      env: { ...rest, NO_COLOR: "1", CODEX_HOME: place.home, TMPDIR: place.tmp, ...env },
    });
    undo.push(async () => child.kill("SIGKILL"));
    const result = Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, "exit")]);
    return {
      child,
      ended: result.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number })),
    };
  }

  function run(args: readonly string[], { stdin = "", ...env }: NodeJS.ProcessEnv = {}) {
    const { child, ended } = start(args, env);
    child.stdin.end(stdin);
    return ended;
  }

  /** The temporary files that the command has left. The server's sandbox leaves files too, which don't count. */
  function leftBehind(): string[] {
    return readdirSync(place.tmp).filter((name) => /^codex-(home|cwd)-/.test(name));
  }

  /** A CODEX_HOME whose configuration names a provider, which counts as credentials. */
  async function configured(...script: readonly Reply[]) {
    const model = await ScriptedModel.start(script);
    undo.push(() => model.close());
    const home = await isolatedHome(scriptedConfig(model.url));
    undo.push(async () => home[Symbol.asyncDispose]());
    return { model, env: { ...home.env } };
  }

  return { place, start, run, leftBehind, configured };
}
