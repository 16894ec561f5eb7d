// The two SDKs. `@openai/codex-sdk` is installed from this folder's own lock file when it is first needed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

const pinned = versionOf(fileURLToPath(new URL("../../..", import.meta.url)));

/** Installs `@openai/codex-sdk` with the server that the package pins, unless that is done. */
export function install() {
  if (existsSync(`${folder}/node_modules/@openai/codex-sdk`)) return checkServer();
  console.log("installing @openai/codex-sdk");
  const shell = process.platform === "win32";
  const args = ["ci", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit", shell });
  if (status !== 0) throw new Error("@openai/codex-sdk could not be installed");
  checkServer();
}

/** Both must run on the same server. */
function checkServer() {
  const version = versionOf(folder);
  if (version === pinned) return;
  throw new Error(
    `compat/codex-sdk has the server ${version} instead of ${pinned}: set it in its package.json, ` +
      "and run npm install there",
  );
}

function versionOf(place) {
  const file = `${place}/node_modules/@openai/codex/package.json`;
  return JSON.parse(readFileSync(file, "utf8")).version;
}

export const sdks = {
  theirs: () => import("@openai/codex-sdk"),
  ours: () => import("../../../dist/codex-sdk/index.js"),
};
