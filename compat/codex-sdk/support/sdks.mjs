// The two SDKs. `@openai/codex-sdk` is installed from this folder's own lock file when it is first needed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Installs `@openai/codex-sdk` with the server that the package pins, unless that is done. */
export function install() {
  if (existsSync(`${folder}/node_modules/@openai/codex-sdk`)) return;
  console.log("installing @openai/codex-sdk");
  const shell = process.platform === "win32";
  const args = ["ci", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit", shell });
  if (status !== 0) throw new Error("@openai/codex-sdk could not be installed");
}

export const sdks = {
  theirs: () => import("@openai/codex-sdk"),
  ours: () => import("../../../dist/codex-sdk/index.js"),
};
