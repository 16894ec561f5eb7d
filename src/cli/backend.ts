import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { Codex, type CodexOptions } from "../index.ts";
import { configArgs } from "../process/config-args.ts";
import { findCodexBinary } from "../process/find-binary.ts";
import { type Rule, startScripted } from "../testing/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** An app-server with a model behind it. */
export interface Backend extends AsyncDisposable {
  readonly codex: Codex;
  /** Whether the replies come from a script. */
  readonly scripted: boolean;
}

/** Options for a server on a real model, and for one on the scripted model. */
export interface BackendOptions {
  readonly real: CodexOptions;
  readonly scripted: CodexOptions;
  readonly script: Rule;
  /** Settings for both, as in `codex --config`: `key=value`, with the value in TOML. */
  readonly overrides: readonly string[];
  /** When to use the scripted model. */
  readonly useScript: "always" | "without-login" | "never";
}

/** Thrown if there is no model to use. */
export class LoginMissing extends Error {
  override name = "LoginMissing";
  readonly code = "LOGIN_MISSING";

  constructor() {
    super(
      'no Codex login or API key was found. Log in with "npx @openai/codex login", or set ' +
        "CODEX_API_KEY or OPENAI_API_KEY. To try the command without a model, use --scripted.",
    );
  }
}

/**
 * Starts a server that can reach a model: with the user's login or provider, otherwise with an API
 * key from the environment, otherwise with the script.
 *
 * The app-server doesn't read an API key from the environment. By default, logging in would write
 * the key to the user's CODEX_HOME, so the server is configured to keep credentials in memory.
 *
 * @throws LoginMissing if there is none of these.
 */
export async function openBackend(options: BackendOptions, env: Environment): Promise<Backend> {
  const { real, useScript } = options;
  if (useScript === "always") return startScript(options);
  if (mayBeConfigured(env, options)) {
    const codex = await Codex.start(withOverrides(real, options));
    if (await isConfigured(codex)) return backend(codex);
    await codex.close();
  }
  const apiKey = env.CODEX_API_KEY || env.OPENAI_API_KEY;
  if (apiKey) return backend(await startWithKey(options, apiKey));
  if (useScript === "without-login") return startScript(options);
  throw new LoginMissing();
}

async function startScript(options: BackendOptions): Promise<Backend> {
  const { scripted, script } = options;
  const started = await startScripted({ ...withOverrides(scripted, options), script });
  return {
    codex: started.codex,
    scripted: true,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

function backend(codex: Codex): Backend {
  return { codex, scripted: false, [Symbol.asyncDispose]: () => codex.close() };
}

/**
 * Whether there may be a login or a configuration. Without a CODEX_HOME there is neither, and
 * starting a server would create it.
 */
function mayBeConfigured(env: Environment, { overrides }: BackendOptions): boolean {
  const isThere = Boolean(env.CODEX_HOME) || existsSync(path.join(homedir(), ".codex"));
  return isThere || overrides.length > 0;
}

async function isConfigured(codex: Codex): Promise<boolean> {
  const { account, requiresOpenaiAuth } = await codex.request("account/read", {});
  return account !== null || !requiresOpenaiAuth;
}

async function startWithKey(options: BackendOptions, apiKey: string): Promise<Codex> {
  const config = { cli_auth_credentials_store: "ephemeral" };
  const codex = await Codex.start(withOverrides({ ...options.real, config }, options));
  try {
    await codex.request("account/login/start", { type: "apiKey", apiKey });
    return codex;
  } catch (error) {
    await codex.close();
    throw error;
  }
}

/** Adds overrides, which the server itself parses, so that they mean the same as for `codex`. */
function withOverrides(
  { config = {}, ...options }: CodexOptions,
  { overrides }: BackendOptions,
): CodexOptions {
  if (overrides.length === 0) return { ...options, config };
  const settings = overrides.flatMap((override) => ["--config", override]);
  const server = ["app-server", "--listen", "stdio://"];
  return {
    ...options,
    launchArgs: [findCodexBinary(), ...settings, ...configArgs(config), ...server],
  };
}
