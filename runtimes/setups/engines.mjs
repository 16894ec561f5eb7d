import { engine } from "../support/tools.mjs";

/** The same program on each runtime. */
const on = (name, engineName, ...args) => ({
  name,
  async prepare(stage) {
    const command = [await engine(engineName), ...args, "program.mjs"];
    return { cwd: await stage.project(), command };
  },
});

export const engines = [
  on("Node 20.20", "node-20"),
  on("Node 22.23", "node-22"),
  on("Node 24.21", "node-24"),
  on("Node 26.10", "node-26"),
  on("Bun 1.4", "bun"),
  on("Deno 2.9, `-A`", "deno", "run", "-A"),
  on(
    "Deno 2.9, each permission by name instead of `--allow-all`",
    "deno",
    "run",
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-net",
    "--allow-run",
    "--allow-sys",
  ),
];
