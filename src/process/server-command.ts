import { basename, resolve } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import type { SpawnOptions } from "./app-server-process.ts";
import { configArgs } from "./config-args.ts";
import { type EnvironmentOverrides, serverEnvironment } from "./environment.ts";
import { findCodexBinary } from "./find-binary.ts";
import { hidingOverrides } from "./hidden-variables.ts";
import type { LaunchOptions } from "./launch-options.ts";
import { programOnPath } from "./path-lookup.ts";
import { privateConfig } from "./private-config.ts";

interface Command extends Pick<SpawnOptions, "command" | "args" | "env"> {
  /** The variables with secrets of `config`, which are empty for the agent's commands. */
  readonly hidden: readonly string[];
}

/**
 * The command that starts `codex` with these arguments. Secrets of `config` are in its environment,
 * since every user of the machine can read command lines.
 * @throws LaunchError if the program isn't found; TypeError for a config that can't be passed to
 *   it.
 */
export function serverCommand(
  options: Omit<LaunchOptions, "cwd">,
  args: readonly string[],
): Command {
  const { codexBin, config = {}, configOverrides = [], env } = options;
  const inherited = serverEnvironment(env);
  const command = findCodexBinary({ codexBin, env: inherited });
  const settings = privateConfig(config, inherited);
  const hidden = Object.keys(settings.env);
  const later = [...configOverrides, ...hidingOverrides(configOverrides, hidden)];
  return {
    command,
    args: [
      ...configArgs(settings.config),
      ...later.flatMap((setting) => ["--config", setting]),
      ...args,
    ],
    env: { ...env, ...settings.env },
    hidden,
  };
}

/**
 * The command for the user's command line: program first, as a path or a name on PATH. The
 * system would look up a relative path in the server's working directory, where a repository could
 * plant a program.
 * @throws LaunchError for a name that isn't on PATH.
 */
export function givenCommand(
  [program = "", ...args]: readonly string[],
  env: EnvironmentOverrides | undefined,
): Command {
  if (basename(program) !== program) return { command: resolve(program), args, env, hidden: [] };
  const { platform, arch } = process;
  const { found, looked } = programOnPath(program, serverEnvironment(env), { platform, arch });
  if (found !== undefined) return { command: found, args, env, hidden: [] };
  throw new LaunchError(
    `launchArgs: the program ${JSON.stringify(program)} was not found: ${looked.join("; ")}`,
  );
}
