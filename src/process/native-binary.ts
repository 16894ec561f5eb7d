import { realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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
 * Where the native executable of the `@openai/codex` that a module sees may be, best first. The
 * module is given by path or file URL, which may be a virtual one.
 */
export function nativeForModule(module: string, target: Target): string[] {
  const manifest = resolveFrom(module, "@openai/codex/package.json");
  return [
    ...(manifest === undefined ? [] : nativeInPackage(dirname(manifest), target)),
    ...nativeInPlatformPackage(module, target),
  ];
}

/** The same for a folder that holds `@openai/codex`, or a link to it. */
export function nativeInPackage(folder: string, target: Target): string[] {
  // Under pnpm the platform packages can be seen only from the real place of @openai/codex.
  const manifest = join(realPath(folder), "package.json");
  return [...nativeInPlatformPackage(manifest, target), ...nativeUnder(dirname(manifest), target)];
}

function nativeInPlatformPackage(module: string, target: Target): string[] {
  const manifest = resolveFrom(module, `@openai/codex-${nameOf(target)}/package.json`);
  return manifest === undefined ? [] : nativeUnder(dirname(manifest), target);
}

function nativeUnder(folder: string, target: Target): string[] {
  const triple = triples[nameOf(target)];
  if (triple === undefined) return [];
  const file = target.platform === "win32" ? "codex.exe" : "codex";
  // Older releases have it in "codex".
  return ["bin", "codex"].map((place) =>
    outsideArchive(join(folder, "vendor", triple, place, file)),
  );
}

/** Nothing inside Electron's archive can be executed; executables are unpacked beside it. */
function outsideArchive(path: string): string {
  return path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/, ".unpacked");
}

function nameOf({ platform, arch }: Target): string {
  return `${platform === "android" ? "linux" : platform}-${arch}`;
}

function resolveFrom(module: string, request: string): string | undefined {
  try {
    return createRequire(module).resolve(request);
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
