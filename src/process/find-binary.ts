import { basename, resolve } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import { isFile, nativeForModule, type Target } from "./native-binary.ts";
import { lookUpOnPath, startable } from "./path-lookup.ts";

export interface FindOptions {
  /** A path, or a name on PATH. */
  readonly codexBin?: string | undefined;
  /** Where PATH is taken from; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  /** The module, by path or file URL, from which `@openai/codex` is resolved; default this one. */
  readonly module?: string;
}

/**
 * The path of the executable to start: `codexBin`, otherwise the native one of the installed
 * `@openai/codex`, otherwise `codex` on PATH. Node wrappers and Windows shims are resolved to the
 * native executable.
 *
 * @throws LaunchError that lists the places searched.
 */
export function findCodexBinary(options: FindOptions = {}): string {
  const {
    codexBin,
    env = process.env,
    platform = process.platform,
    arch = process.arch,
    module = import.meta.url,
  } = options;
  const target = { platform, arch };
  if (codexBin !== undefined) return explicitBinary(codexBin, env, target);

  const candidates = [...new Set(nativeForModule(module, target))];
  const native = candidates.find(isFile);
  if (native !== undefined) return native;
  const { found, looked } = lookUpOnPath("codex", env, target);
  if (found !== undefined) return found;
  throw notFound(candidates, looked, target);
}

function explicitBinary(codexBin: string, env: NodeJS.ProcessEnv, target: Target): string {
  if (codexBin !== "" && basename(codexBin) === codexBin) {
    const { found, looked } = lookUpOnPath(codexBin, env, target);
    if (found !== undefined) return found;
    throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} was not found:${listed(looked)}`);
  }
  const path = resolve(codexBin);
  if (!isFile(path))
    throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} isn't an existing file.`);
  const found = startable(path, target);
  if (found !== undefined) return found;
  throw new LaunchError(
    `codexBin ${codexBin} is a shell script and can't be started without a shell. ` +
      "Set it to the native codex.exe, or omit codexBin and install @openai/codex.",
  );
}

function notFound(
  candidates: readonly string[],
  looked: readonly string[],
  { platform, arch }: Target,
): LaunchError {
  const installed =
    candidates.length > 0
      ? candidates
      : [`package @openai/codex with its binary for ${platform}-${arch}: not installed`];
  return new LaunchError(
    `No Codex executable was found. Looked for:${listed([...installed, ...looked])}\n` +
      "Install it with `npm install @openai/codex` (without --omit=optional), or set codexBin.",
  );
}

function listed(places: readonly string[]): string {
  return places.map((place) => `\n  - ${place}`).join("");
}
