// Each server is installed in its own folder, because their platform packages have the same name.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../servers/", import.meta.url));
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** The version that the package pins. */
export const pinned = manifest.dependencies["@openai/codex"];

/** All versions, oldest first. */
export const versions = [...readdirSync(folder), pinned].toSorted((one, other) =>
  one.localeCompare(other, "en", { numeric: true }),
);

/** The program of this version, installed when it is first needed. */
export function codexBin(version) {
  if (version === pinned) {
    const found = createRequire(import.meta.url).resolve("@openai/codex/package.json");
    return path.join(path.dirname(found), "bin/codex.js");
  }
  const prefix = path.join(folder, version);
  const program = path.join(prefix, "node_modules/@openai/codex/bin/codex.js");
  if (!existsSync(program)) {
    console.log(`installing the server ${version}`);
    const shell = process.platform === "win32";
    const args = ["ci", "--no-audit", "--no-fund"];
    const { status } = spawnSync("npm", args, { cwd: prefix, stdio: "inherit", shell });
    if (status !== 0) throw new Error(`the server ${version} could not be installed`);
  }
  return program;
}
