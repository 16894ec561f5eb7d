import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";
import { type Config, toToml } from "./toml.ts";

/** A fresh CODEX_HOME; disposing of it removes the directory. */
export interface IsolatedHome extends TemporaryDirectory {
  /**
   * What ties a server to this home, to be laid over the environment of this process: it takes the
   * user's credentials away (undefined), and any proxy from before the model.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Makes a fresh CODEX_HOME in the temporary directory, with this config.toml. */
export async function isolatedHome(config: Config = {}): Promise<IsolatedHome> {
  const directory = await temporaryDirectory("codex-home-");
  await writeFile(path.join(directory.path, "config.toml"), toToml(config));
  const env = {
    CODEX_HOME: directory.path,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    CODEX_API_KEY: undefined,
    CODEX_ACCESS_TOKEN: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  return { ...directory, env };
}
