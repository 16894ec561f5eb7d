import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type ConfigTable, tomlFile } from "../process/toml.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

/** A fresh CODEX_HOME; closing it or disposing of it removes the directory. */
export interface IsolatedHome extends TemporaryDirectory {
  /**
   * The environment of a server with this home, for the option `env`. It unsets (undefined) every
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
    ...withoutForeignVariables(process.env),
    CODEX_HOME: directory.path,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    // Unset, even if this process sets them later.
    CODEX_API_KEY: undefined,
    CODEX_ACCESS_TOKEN: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    // Without it, Bash assumes a remote login and reads the user's profile.
    SHLVL: process.env.SHLVL ?? "1",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  return { ...directory, env };
}

const NEEDED = new Set(
  [
    ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP"],
    ["LANG", "LANGUAGE", "TZ", "RUST_LOG", "RUST_BACKTRACE"],
    ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "USERNAME", "USERPROFILE"],
    ["HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ALLUSERSPROFILE"],
    ["PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "COMMONPROGRAMFILES"],
    ["NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"],
  ].flat(),
);

function withoutForeignVariables(env: NodeJS.ProcessEnv): Record<string, undefined> {
  const foreign = Object.keys(env).filter((name) => !isNeeded(name));
  return Object.fromEntries(foreign.map((name) => [name, undefined]));
}

function isNeeded(name: string): boolean {
  const known = process.platform === "win32" ? name.toUpperCase() : name;
  return NEEDED.has(known) || known.startsWith("LC_");
}
