import { readFileSync, realpathSync, statSync } from "node:fs";
import Module from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Target {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const triples: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
  "win32-arm64": "aarch64-pc-windows-msvc",
};

/**
 * The possible paths of the native executable of the `@openai/codex` that a module resolves to,
 * best first. The module is a path or file URL, which can be virtual.
 */
export function nativeForModule(module: string, target: Target): string[] {
  const manifest = codexManifest(module);
  return [
    ...(manifest === undefined ? [] : nativeInPackage(dirname(manifest), target)),
    ...nativeInPlatformPackage(module, target),
  ];
}

/**
 * The possible paths of the native executable for a folder that contains `@openai/codex`, or a link
 * to it.
 */
export function nativeInPackage(folder: string, target: Target): string[] {
  // Under pnpm the platform packages can only be resolved from the real path of @openai/codex.
  const manifest = join(realPath(folder), "package.json");
  return [...nativeInPlatformPackage(manifest, target), ...nativeUnder(dirname(manifest), target)];
}

/** The package.json of the `@openai/codex` that a module resolves to. */
export function codexManifest(module: string): string | undefined {
  return resolveFrom(module, "@openai/codex/package.json");
}

/** Whether the package in this folder has no native part, so that its wrapper script can only fail. */
export function isWithoutNative(folder: string, target: Target): boolean {
  const manifest = join(realPath(folder), "package.json");
  const hasPart = platformManifest(manifest, target) !== undefined;
  return isFile(manifest) && !hasPart && !isDirectory(join(dirname(manifest), "vendor"));
}

/** The npm package with the native part of `@openai/codex`; undefined if this platform has none. */
export function platformPackage(target: Target): string | undefined {
  return nameOf(target) in triples ? `@openai/codex-${nameOf(target)}` : undefined;
}

/**
 * What to install to get that package, from the package.json of `@openai/codex`; the package's name
 * is an alias.
 */
export function platformSpecifier(manifest: string, target: Target): string | undefined {
  const name = platformPackage(target);
  if (name === undefined) return undefined;
  try {
    const { optionalDependencies } = JSON.parse(readFileSync(manifest, "utf8"));
    const version: unknown = optionalDependencies[name];
    return typeof version === "string" ? `${name}@${version}` : undefined;
  } catch {
    return undefined;
  }
}

function platformManifest(module: string, target: Target): string | undefined {
  return resolveFrom(module, `@openai/codex-${nameOf(target)}/package.json`);
}

function nativeInPlatformPackage(module: string, target: Target): string[] {
  const manifest = platformManifest(module, target);
  return manifest === undefined ? [] : nativeUnder(dirname(manifest), target);
}

function nativeUnder(folder: string, target: Target): string[] {
  const triple = triples[nameOf(target)];
  if (triple === undefined) return [];
  const file = target.platform === "win32" ? "codex.exe" : "codex";
  // In older releases it is in the folder "codex".
  return ["bin", "codex"].map((place) =>
    outsideArchive(join(folder, "vendor", triple, place, file)),
  );
}

/** The path of an executable outside Electron's archive: those in it can't be started, so they are unpacked next to it. */
function outsideArchive(path: string): string {
  return path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/, ".unpacked");
}

function nameOf({ platform, arch }: Target): string {
  return `${platform === "android" ? "linux" : platform}-${arch}`;
}

/**
 * The file of a package that a module resolves to: like `require.resolve`, but without NODE_PATH
 * and other folders outside the module's own tree, in which a workspace could plant a package.
 */
function resolveFrom(module: string, request: string): string | undefined {
  const folders = moduleFolders(module).map((folder) => join(folder, request));
  const found = folders.find(isFile);
  if (found !== undefined) return realPath(found);
  return process.versions.pnp === undefined ? undefined : resolveByPnp(module, request);
}

/** Every `node_modules` from the module's folder up to the root. */
function moduleFolders(module: string): string[] {
  const path = pathOf(module);
  if (path === undefined) return [];
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (basename(folder) !== "node_modules") folders.push(join(folder, "node_modules"));
    if (folder === dirname(folder)) return folders;
  }
}

function pathOf(module: string): string | undefined {
  try {
    const path = module.startsWith("file:") ? fileURLToPath(module) : module;
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves with Yarn's Plug'n'Play, which has no `node_modules`: its resolver uses its own map, not NODE_PATH. */
function resolveByPnp(module: string, request: string): string | undefined {
  try {
    // webpack would replace a `createRequire` that is imported by name.
    return Module.createRequire(module).resolve(request);
  } catch {
    return undefined;
  }
}

export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
