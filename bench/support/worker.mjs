import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a script of `workers/` in a fresh process and resolves with the JSON that it prints. */
export async function worker(name, task = {}, { nodeArgs = [] } = {}) {
  const script = fileURLToPath(new URL(`../workers/${name}.mjs`, import.meta.url));
  const { stdout } = await run(process.execPath, [...nodeArgs, script, JSON.stringify(task)]);
  return JSON.parse(stdout);
}
