import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Config, toToml } from "./toml.ts";

const OFFLINE_ENV = {
  CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
  OPENAI_API_KEY: "",
  OPENAI_BASE_URL: "",
  CODEX_API_KEY: "",
  CODEX_ACCESS_TOKEN: "",
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1",
};

export interface IsolatedHome {
  /** The directory, for CODEX_HOME. */
  readonly path: string;
  /** The environment for a server in this home: without the parent's credentials, and with no proxy before the model. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes the directory. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a fresh CODEX_HOME in the temporary directory, with this config.toml. */
export async function isolatedHome(config: Config = {}): Promise<IsolatedHome> {
  const home = await mkdtemp(path.join(tmpdir(), "codex-home-"));
  await writeFile(path.join(home, "config.toml"), toToml(config));
  return {
    path: home,
    env: { ...OFFLINE_ENV, CODEX_HOME: home },
    [Symbol.asyncDispose]: () => removeDirectory(home),
  };
}

/** A dying server may still write into its directories: what appears meanwhile is removed with the rest. */
export function removeDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
