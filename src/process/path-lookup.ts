import { accessSync, constants } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { isFile, nativeInPackage, realPath, type Target } from "./native-binary.ts";

export interface Lookup {
  /** The executable, if there is one that can be started without a shell. */
  readonly found?: string;
  /** Every place looked at, for the error message. */
  readonly looked: readonly string[];
}

/** Looks for a command on PATH as a shell would, but only for what can be started without one. */
export function lookUpOnPath(name: string, env: NodeJS.ProcessEnv, target: Target): Lookup {
  const looked: string[] = [];
  for (const folder of folders(env, target)) {
    for (const file of fileNames(name, env, target)) {
      const path = resolve(folder, file);
      if (!isExecutable(path, target)) continue;
      const found = startable(path, target);
      if (found !== undefined) return { found, looked };
      looked.push(`${path} (a script for a shell, with no native codex.exe installed beside it)`);
    }
  }
  return { looked: [...looked, `${name} on PATH`] };
}

function isExecutable(path: string, { platform }: Target): boolean {
  if (!isFile(path)) return false;
  try {
    if (platform !== "win32") accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What to start for a file that was found: npm installs scripts that only start the native one. */
export function startable(path: string, target: Target): string | undefined {
  if (target.platform === "win32" && /\.(cmd|bat|ps1)$/i.test(path)) {
    const native = shimmedPackages(dirname(path)).flatMap((folder) =>
      nativeInPackage(folder, target),
    );
    return native.find(isFile);
  }
  const real = realPath(path);
  if (basename(real) !== "codex.js") return path;
  return nativeInPackage(dirname(dirname(real)), target).find(isFile) ?? path;
}

/** A shim lies beside the global `node_modules`, or in a project's `node_modules/.bin`. */
function shimmedPackages(folder: string): string[] {
  return [join(folder, "node_modules"), dirname(folder)].map((modules) =>
    join(modules, "@openai", "codex"),
  );
}

function folders(env: NodeJS.ProcessEnv, { platform }: Target): string[] {
  const separator = platform === "win32" ? ";" : ":";
  const path = variable("PATH", env, platform) ?? "";
  // An empty entry would mean the working directory, where a repository could plant a codex.
  return path.split(separator).filter((folder) => folder !== "");
}

function fileNames(name: string, env: NodeJS.ProcessEnv, { platform }: Target): string[] {
  if (platform !== "win32" || extname(name) !== "") return [name];
  const extensions = variable("PATHEXT", env, platform) ?? ".COM;.EXE;.BAT;.CMD";
  return [...extensions.split(";"), ".PS1"].map((extension) => name + extension.toLowerCase());
}

function variable(name: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform) {
  if (platform !== "win32") return env[name];
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}
