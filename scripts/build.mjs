// Writes dist/: the package's code as one file per entry point, with shared code in chunks, because
// loading a hundred small files takes three times as long; and the types as one file per module.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { asciiOnly } from "./ascii-only.mjs";
import { builtinImports } from "./builtin-imports.mjs";
import { chunkGroups } from "./chunks.mjs";
import { finishDeclarations, writeCommonJs } from "./declarations.mjs";
import { entryPoints } from "./entry-points.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const disposeSymbols = join(root, "scripts/dispose-symbols.mjs");
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
const entries = entryPoints(root);
const modules = [...entries.map(({ module }) => module), "sync/worker", "cli/main"];

run("scripts/generate-protocol.mjs");
rmSync(dist, { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(modules.map((module) => [module, `src/${module}.ts`])),
  platform: "node",
  // The chunk groups require this. Entry points only re-export what chunks export, so none exports
  // more.
  preserveEntrySignatures: "allow-extension",
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  transform: {
    target: "node20.19",
    inject: {
      "Symbol.dispose": [disposeSymbols, "dispose"],
      "Symbol.asyncDispose": [disposeSymbols, "asyncDispose"],
    },
  },
});
await bundle.write({
  dir: dist,
  plugins: [builtinImports, asciiOnly],
  codeSplitting: { groups: chunkGroups(root, ["timeline/index"]) },
  chunkFileNames: "chunks/[name]-[hash].js",
  sourcemap: true,
  comments: { jsdoc: false },
  // The package has the sources themselves.
  sourcemapExcludeSources: true,
});
await bundle.close();
finishDeclarations(dist, entries);
writeCommonJs(dist, entries);
run("node_modules/vite/bin/vite.js", "build", "--config", "inspector/vite.config.mjs");

function run(script, ...args) {
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" });
}
