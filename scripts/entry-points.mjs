import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The entry points of the package, as the `exports` of its package.json list them: what a program
 * imports after the package's name, the module in src/, and whether CommonJS programs can require it.
 */
export function entryPoints(root) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([, target]) => typeof target === "object")
    .map(([path, target]) => ({
      path: path.replace(/^\.\/?/, ""),
      module: /^\.\/dist\/(.*)\.js$/.exec(target.import.default)[1],
      commonJs: target.require !== undefined,
    }));
}
