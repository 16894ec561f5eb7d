import { type Check, nonEmpty, object, strings, variables } from "../util/checks.ts";
import type { EnvironmentOverrides } from "./environment.ts";
import type { ConfigTable } from "./toml.ts";

/** How the `codex` program is started, by a client, `Codex.serve()` and `proxy()`. */
export interface LaunchOptions {
  /**
   * The `codex` program: a path, or a name on PATH. Default: the binary of the installed
   * `@openai/codex`, otherwise `codex` on PATH.
   */
  readonly codexBin?: string | undefined;
  /** Settings as in config.toml, nested. They override the file's settings. */
  readonly config?: ConfigTable | undefined;
  /**
   * Further settings, each a string `key=value` with a TOML value, passed unchanged as `--config`
   * after `config`. Every user of the machine can read them: put secrets into `config`.
   */
  readonly configOverrides?: readonly string[] | undefined;
  /**
   * Working directory of the server, and of threads that don't set one. Default: this process's
   * working directory.
   */
  readonly cwd?: string | undefined;
  /**
   * Environment of the server, merged over this process's environment; undefined unsets a variable.
   */
  readonly env?: EnvironmentOverrides | undefined;
}

export const LAUNCH_CHECKS: Readonly<Record<keyof LaunchOptions, Check>> = {
  codexBin: nonEmpty,
  config: object,
  configOverrides: strings,
  cwd: nonEmpty,
  env: variables,
};
