// Writes dist/: the package's code as one file an entry point with what they share in chunks, since
// to load a hundred small files takes three times as long, and the types as one file a module.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = [
  "index",
  "testing/index",
  "sync/index",
  "sync/worker",
  "timeline/index",
  "cli/main",
];

run("scripts/generate-protocol.mjs");
rmSync(join(root, "dist"), { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: "node",
  external: Object.keys(dependencies),
  transform: { target: "node20.19" },
});
await bundle.write({ dir: join(root, "dist"), chunkFileNames: "chunks/[name]-[hash].js" });
await bundle.close();

function run(script, ...args) {
  execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" });
}
