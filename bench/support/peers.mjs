// Other SDKs, installed when they are first needed. Each is undefined if it can't be installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** `@openai/codex-sdk`, from this folder's own lock file. */
export async function codexSdk() {
  if (!existsSync(path.join(folder, "node_modules/@openai/codex-sdk"))) {
    succeeds("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"]);
  }
  try {
    return await import("@openai/codex-sdk");
  } catch {
    return undefined;
  }
}

/** A Python with `openai-codex`, in a virtual environment of this folder. */
export function pythonWithCodex() {
  const environment = path.join(folder, ".venv");
  const python = path.join(environment, process.platform === "win32" ? "Scripts" : "bin", "python");
  const ready = () => existsSync(python) && succeeds(python, ["-c", "import openai_codex"]);
  // Installed without its dependencies, because it uses the same binary as the other contenders.
  const requirements = ["--no-deps", "-r", path.join(folder, "requirements.txt")];
  const made = () =>
    succeeds("python3", ["-m", "venv", environment]) &&
    succeeds(python, ["-m", "pip", "install", "--quiet", ...requirements]);
  return ready() || (made() && ready()) ? python : undefined;
}

function succeeds(command, args) {
  const shell = process.platform === "win32" && command === "npm";
  return spawnSync(command, args, { stdio: "ignore", shell }).status === 0;
}
