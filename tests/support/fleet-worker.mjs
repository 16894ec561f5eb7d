// A fleet worker in a separate process. The first argument contains the options as JSON.
import { execFile } from "node:child_process";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Codex, tool } from "codex-app-server";
import { FleetWorker, folderStore } from "codex-app-server/fleet";
import { CodexPool } from "codex-app-server/pool";
import { isolatedHome, scriptedConfig } from "codex-app-server/testing";

const run = promisify(execFile);
const {
  model,
  folder,
  homes,
  maxServers = 8,
  approvals,
  repository,
  sharedHome,
  ...options
} = JSON.parse(process.argv[2]);
const home = await isolatedHome(scriptedConfig(model));
if (sharedHome) {
  await mkdir(sharedHome, { recursive: true });
  await copyFile(join(home.env.CODEX_HOME, "config.toml"), join(sharedHome, "config.toml"));
  home.env.CODEX_HOME = sharedHome;
}
const codexOptions = {
  cwd: folder,
  env: home.env,
  approvals: approvals ?? "ask",
  onWarning: () => {},
};
const double = tool({
  name: "double",
  description: "Doubles a number.",
  input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
  execute: ({ n }) => 2 * n,
});

/** Each tenant's server has the same configuration, in its own home. */
function tenants() {
  const { CODEX_HOME: own, ...env } = home.env;
  return new CodexPool({
    home: async (key) => {
      const path = join(homes, `${process.pid}-${key}`);
      await mkdir(path, { recursive: true });
      await copyFile(join(own, "config.toml"), join(path, "config.toml"));
      return path;
    },
    codex: { ...codexOptions, env },
    maxServers,
  });
}

/** A clone for each turn, in a folder of its own, which is removed at the end. */
async function checkOut({ turn, signal }) {
  const cwd = join(folder, "clones", `${process.pid}-${turn}`);
  await run("git", ["clone", "--quiet", "--branch", "work", repository, cwd], { signal });
  return { cwd, dispose: () => rm(cwd, { recursive: true, force: true }) };
}

const servers = homes ? { pool: tenants() } : { codex: await Codex.start(codexOptions) };
const worker = await FleetWorker.start({
  store: folderStore(join(folder, "threads")),
  tools: [double],
  onWarning: ({ code, message }) => process.send?.({ warning: { code, message } }),
  ...(repository ? { workspace: checkOut } : {}),
  ...servers,
  ...options,
});
const close = async (deadlineMs) => {
  await worker.close({ deadlineMs });
  await (servers.pool ?? servers.codex).close();
  process.exit(0);
};
process.once("SIGTERM", () => close(Number(process.env.FLEET_DEADLINE_MS ?? 1_000)));
process.once("disconnect", () => process.exit(1));
process.send?.({ ready: worker.id });
