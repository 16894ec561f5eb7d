import { cpSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { sh } from "./shell.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packs the built package into this folder, and returns the path of the archive. */
export async function pack(folder) {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const { stdout } = await sh("npm", args, { cwd: root });
  return path.join(folder, stdout.trim().split("\n").at(-1));
}

/** Installs the archive and its dependencies into a folder, as a user does. */
export async function install(archive, folder, ...args) {
  await writeFile(path.join(folder, "package.json"), `{ "private": true, "type": "module" }`);
  const common = ["install", "--prefer-offline", "--no-audit", "--no-fund"];
  await sh("npm", [...common, ...args, archive], { cwd: folder });
}

/** Creates a folder with the same installation and the suite. */
export function copyProject(installed, folder) {
  cpSync(installed, folder, { recursive: true, verbatimSymlinks: true });
  copySuite(folder);
}

export function copySuite(folder) {
  const suite = path.join(root, "runtimes/suite");
  for (const file of readdirSync(suite)) cpSync(path.join(suite, file), path.join(folder, file));
}
