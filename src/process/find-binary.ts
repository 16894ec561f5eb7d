import { basename, resolve } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import {
  codexManifest,
  isFile,
  nativeForModule,
  platformPackage,
  platformSpecifier,
  type Target,
} from "./native-binary.ts";
import { ownModules } from "./own-modules.ts";
import { lookUpOnPath, startable } from "./path-lookup.ts";

export interface FindOptions {
  /** A path, or a name on PATH. */
  readonly codexBin?: string | undefined;
  /** The environment with PATH. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  /**
   * The modules, by path or file URL, from which `@openai/codex` is resolved, best first. Default:
   * the module that contains this code.
   */
  readonly modules?: readonly string[];
}

/**
 * The path of the executable to start: `codexBin`, otherwise the native one of the installed
 * `@openai/codex`, otherwise `codex` on PATH. Node wrappers and Windows shims are resolved to the
 * native executable.
 *
 * @throws LaunchError that lists the paths searched.
 */
export function findCodexBinary(options: FindOptions = {}): string {
  const {
    codexBin,
    env = process.env,
    platform = process.platform,
    arch = process.arch,
    modules = ownModules(),
  } = options;
  const target = { platform, arch };
  if (codexBin !== undefined) return explicitBinary(codexBin, env, target);

  const candidates = [...new Set(modules.flatMap((module) => nativeForModule(module, target)))];
  const native = candidates.find(isFile);
  if (native !== undefined) return native;
  const { found, looked } = lookUpOnPath("codex", env, target);
  if (found !== undefined) return found;
  const manifest = modules.map(codexManifest).find((file) => file !== undefined);
  throw notFound([...candidates, ...looked], manifest, target);
}

function explicitBinary(codexBin: string, env: NodeJS.ProcessEnv, target: Target): string {
  if (codexBin !== "" && basename(codexBin) === codexBin) {
    const { found, looked } = lookUpOnPath(codexBin, env, target);
    if (found !== undefined) return found;
    throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} was not found:${listed(looked)}`);
  }
  const path = resolve(codexBin);
  if (!isFile(path))
    throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} doesn't exist, or isn't a file.`);
  const { found, problem } = startable(path, target);
  if (found !== undefined) return found;
  throw new LaunchError(
    `codexBin ${codexBin} can't be started: it is ${problem}. ` +
      "Set it to the native executable, or omit codexBin and install @openai/codex.",
  );
}

function notFound(
  looked: readonly string[],
  manifest: string | undefined,
  target: Target,
): LaunchError {
  const name = `${target.platform}-${target.arch}`;
  const part = platformPackage(target);
  if (part === undefined) {
    return new LaunchError(
      `No Codex executable was found: @openai/codex has none for ${name}. Looked for:${listed(looked)}\n` +
        "Build or install one yourself, and set codexBin to its path.",
    );
  }
  if (looked.some((place) => place.includes("app.asar.unpacked"))) {
    return new LaunchError(
      `No Codex executable was found outside app.asar, and programs inside it can't be started. Looked for:${listed(looked)}\n` +
        `Unpack the package ${part} (asarUnpack), or set codexBin.`,
    );
  }
  if (manifest !== undefined) {
    const specifier = platformSpecifier(manifest, target) ?? "@openai/codex";
    return new LaunchError(
      `No Codex executable was found: @openai/codex is installed without ${part}, its package for ${name}. Looked for:${listed(looked)}\n` +
        `Install it with \`npm install ${specifier}\`, reinstall everything without --omit=optional, or set codexBin.`,
    );
  }
  return new LaunchError(
    `No Codex executable was found: neither @openai/codex nor its platform package ${part} is installed. Looked for:${listed(looked)}\n` +
      "Install it with `npm install @openai/codex`, beside the bundle if this program is bundled, or set codexBin.",
  );
}

function listed(places: readonly string[]): string {
  return places.map((place) => `\n  - ${place}`).join("");
}
