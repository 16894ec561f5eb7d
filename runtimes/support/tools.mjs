// The programs that setups use, each group installed from its lock file when it is first needed.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { sh } from "./shell.mjs";

const folder = fileURLToPath(new URL("../tools/", import.meta.url));

/** The node_modules of a group: engines, bundlers, frameworks or typescript. */
export async function tools(group) {
  const cwd = path.join(folder, group);
  const modules = path.join(cwd, "node_modules");
  if (!existsSync(path.join(modules, ".package-lock.json"))) {
    console.log(`installing ${group}`);
    await sh("npm", ["ci", "--no-audit", "--no-fund"], { cwd });
  }
  return modules;
}

/** The executable of an engine: "node-22", "bun" or "deno". */
export async function engine(name) {
  const modules = await tools("engines");
  return path.join(modules, name.startsWith("node-") ? `${name}/bin/node` : `.bin/${name}`);
}
