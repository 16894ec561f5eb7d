import { writeFile } from "node:fs/promises";
import path from "node:path";
import { neededVariables } from "../process/needed-variables.ts";
import { type ConfigTable, tomlFile } from "../process/toml.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

/** A fresh CODEX_HOME; closing it or disposing of it removes the directory. */
export interface IsolatedHome extends TemporaryDirectory {
  /**
   * The environment of a server with this home, for the `env` option. It unsets (undefined) every
   * variable that a server doesn't need, so that none of your credentials reaches the server, its
   * commands or its MCP servers, and no proxy is used for the model. It keeps PATH, home and
   * temporary directories, the user's name and shell, language and time zone, RUST_LOG and
   * RUST_BACKTRACE, and what Windows needs. Add what your test needs: `{ ...home.env, MY_VARIABLE:
   * "value" }`.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Creates a fresh CODEX_HOME in the temporary directory, with this config.toml. */
export async function isolatedHome(config: ConfigTable = {}): Promise<IsolatedHome> {
  const directory = await temporaryDirectory("codex-home-");
  await writeFile(path.join(directory.path, "config.toml"), tomlFile(config));
  const env = {
    ...neededVariables(process.env),
    CODEX_HOME: directory.path,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    // Unset, even if this process sets them later.
    CODEX_API_KEY: undefined,
    CODEX_ACCESS_TOKEN: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  return { ...directory, env };
}
