import { accessSync, constants } from "node:fs";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import {
  isFile,
  isWithoutNative,
  nativeInPackage,
  platformPackage,
  realPath,
  type Target,
} from "./native-binary.ts";

export interface Lookup {
  /** The executable, if one can be started without a shell. */
  readonly found?: string;
  /** Every path searched, for the error message. */
  readonly looked: readonly string[];
}

/** Looks up `codex` on PATH, like a shell, but only finds what can be started without one. */
export function lookUpOnPath(name: string, env: NodeJS.ProcessEnv, target: Target): Lookup {
  const looked: string[] = [];
  for (const path of executables(name, env, target)) {
    const { found, problem } = startable(path, target);
    if (found !== undefined) return { found, looked };
    looked.push(`${path} (${problem})`);
  }
  return { looked: [...looked, `${name} on PATH`, ...skipped(env, target)] };
}

/** Looks up any program on PATH. */
export function programOnPath(name: string, env: NodeJS.ProcessEnv, target: Target): Lookup {
  const [found] = executables(name, env, target);
  if (found !== undefined) return { found, looked: [] };
  return { looked: [`${name} on PATH`, ...skipped(env, target)] };
}

function* executables(name: string, env: NodeJS.ProcessEnv, target: Target): Generator<string> {
  for (const folder of pathEntries(env, target).filter(isTrusted)) {
    for (const file of fileNames(name, env, target)) {
      const path = join(folder, file);
      if (isExecutable(path, target)) yield path;
    }
  }
}

/**
 * Whether the folder is absolute. Other entries, including empty ones, refer to the working
 * directory, where a repository could plant a program.
 */
function isTrusted(folder: string): boolean {
  // On Windows, `\folder` is relative to the current drive.
  return isAbsolute(folder) && !(process.platform === "win32" && /^[\\/](?![\\/])/.test(folder));
}

function skipped(env: NodeJS.ProcessEnv, target: Target): string[] {
  return pathEntries(env, target)
    .filter((folder) => !isTrusted(folder))
    .map(
      (folder) => `not in the PATH entry ${JSON.stringify(folder)}: only absolute entries count`,
    );
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

/**
 * The executable to start for a file that was found: npm installs scripts that only start the
 * native executable.
 */
export function startable(
  path: string,
  target: Target,
): { readonly found: string; readonly problem?: never } | { found?: never; problem: string } {
  if (target.platform === "win32" && /\.(cmd|bat|ps1)$/i.test(path)) {
    const native = shimmedPackages(dirname(path))
      .flatMap((folder) => nativeInPackage(folder, target))
      .find(isFile);
    if (native !== undefined) return { found: native };
    return { problem: "a shell script without a native codex.exe beside it" };
  }
  const real = realPath(path);
  if (basename(real) !== "codex.js") return { found: path };
  const folder = dirname(dirname(real));
  const native = nativeInPackage(folder, target).find(isFile);
  if (native === undefined && isWithoutNative(folder, target)) {
    const missing = platformPackage(target) ?? `part for ${target.platform}-${target.arch}`;
    return { problem: `npm's wrapper script, whose ${missing} is not installed` };
  }
  return { found: native ?? path };
}

/** Where the package of a shim can be: the shim is next to the global `node_modules`, or in a project's `node_modules/.bin`. */
function shimmedPackages(folder: string): string[] {
  return [join(folder, "node_modules"), dirname(folder)].map((modules) =>
    join(modules, "@openai", "codex"),
  );
}

function pathEntries(env: NodeJS.ProcessEnv, { platform }: Target): string[] {
  const path = variable("PATH", env, platform);
  return path === undefined ? [] : path.split(platform === "win32" ? ";" : ":");
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
