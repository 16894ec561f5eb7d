// Runs one example in its own directory: with a scripted model, or, with --live, with yours. npm
// run example -- quickstart [--live]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isolatedHome, ScriptedModel, scriptedConfig } from "codex-app-server/testing";
import { writeFiles } from "./files.ts";
import { scripts } from "./scripts.ts";

const compiled = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = path.dirname(compiled);
const examples = readdirSync(sources)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.basename(file, ".ts"));
examples.push("chat");
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { live: { type: "boolean", default: false } },
});
const name = positionals[0] ?? "";

if (!examples.includes(name)) {
  console.error("Usage: npm run example -- <name> [--live]\nThe examples:");
  for (const example of examples) console.error(`  ${example}`);
  process.exitCode = 2;
} else if (values.live) {
  console.error("Live: your own Codex configuration and login are used.");
  process.exitCode = await run({});
} else {
  console.error("Scripted model: no network, no login. Add --live for the real one.");
  await using model = await ScriptedModel.start(scripts[name]);
  await using home = await isolatedHome(scriptedConfig(model.url));
  process.exitCode = await run(home.env);
}

async function run(env: NodeJS.ProcessEnv): Promise<number> {
  const cwd = await mkdtemp(path.join(tmpdir(), "codex-example-"));
  try {
    writeFiles(name, cwd);
    const child = spawn(process.execPath, [path.join(compiled, program())], {
      cwd,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    // The child ends first, so that its files can be removed.
    process.on("SIGINT", () => child.kill("SIGINT"));
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    const [code] = await once(child, "exit");
    return code ?? 1;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** An example with more than one file has a folder. */
function program(): string {
  if (name !== "chat") return `${name}.js`;
  const page = path.join(name, "index.html");
  copyFileSync(path.join(sources, page), path.join(compiled, page)); // the compiler leaves it out
  return path.join(name, "server.js");
}
