import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { Codex, type CodexOptions } from "../index.ts";
import { type Rule, startScripted } from "../testing/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** An app-server with a model behind it. */
export interface Backend extends AsyncDisposable {
  readonly codex: Codex;
  /** Whether replies come from a script, as there are no credentials. */
  readonly scripted: boolean;
}

/** Options for a server on a real model, and for one on the scripted model. */
export interface BackendOptions {
  readonly real: CodexOptions;
  readonly scripted: CodexOptions;
  readonly script: Rule;
}

/**
 * Starts a server that can reach a model: with the user's login or provider, else with an API key
 * of the environment, else on the script.
 *
 * The app-server itself reads no key from the environment. Logging in with it would write it to
 * the user's CODEX_HOME, so that the credentials are kept in the server's memory then.
 */
export async function openBackend(
  { real, scripted, script }: BackendOptions,
  env: Environment,
): Promise<Backend> {
  if (mayBeConfigured(env)) {
    const codex = await Codex.start(real);
    if (await isConfigured(codex)) return backend(codex);
    await codex.close();
  }
  const apiKey = env.CODEX_API_KEY || env.OPENAI_API_KEY;
  if (apiKey) return backend(await startWithKey(real, apiKey));
  const started = await startScripted({ ...scripted, script });
  return {
    codex: started.codex,
    scripted: true,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

function backend(codex: Codex): Backend {
  return { codex, scripted: false, [Symbol.asyncDispose]: () => codex.close() };
}

/** Without a CODEX_HOME there is neither login nor configuration, and starting a server would make one. */
function mayBeConfigured(env: Environment): boolean {
  return Boolean(env.CODEX_HOME) || existsSync(path.join(homedir(), ".codex"));
}

async function isConfigured(codex: Codex): Promise<boolean> {
  const { account, requiresOpenaiAuth } = await codex.request("account/read", {});
  return account !== null || !requiresOpenaiAuth;
}

async function startWithKey(options: CodexOptions, apiKey: string): Promise<Codex> {
  const config = { ...options.config, cli_auth_credentials_store: "ephemeral" };
  const codex = await Codex.start({ ...options, config });
  try {
    await codex.request("account/login/start", { type: "apiKey", apiKey });
    return codex;
  } catch (error) {
    await codex.close();
    throw error;
  }
}
