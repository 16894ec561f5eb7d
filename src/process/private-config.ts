import { mayNameSecret } from "../text/secret-names.ts";
import { containsSecret, looksLikeSecret } from "../text/secret-values.ts";
import { type ConfigTable, configArgs } from "./config-args.ts";
import { expanded, isText, mapTables, member } from "./config-tree.ts";
import { refuseSecrets } from "./refuse-secrets.ts";
import { isTable } from "./toml.ts";

export interface PrivateConfig {
  /** The settings without the secrets, for the command line. */
  readonly config: ConfigTable;
  /** The secrets, for the environment of the server. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Removes the secrets from settings that become command-line arguments, which every user of the
 * machine can read. Where the server accepts the name of an environment variable instead of a
 * value, it receives the name. These variables are empty for the agent's commands.
 *
 * @param inherited the server's environment, without the secrets
 * @throws TypeError for a secret that the server can't take from its environment.
 */
export function privateConfig(config: ConfigTable, inherited: NodeJS.ProcessEnv): PrivateConfig {
  configArgs(config); // Refuses values that can't be written, such as cycles, before other code traverses them.
  const secrets = new Secrets(inherited);
  const tree = expanded(config);
  const hidden = secrets.hiddenFromCommands(
    mapTables(
      mapTables(tree, "model_providers", (provider) => hideInProvider(provider, secrets)),
      "mcp_servers",
      (server) => hideInMcpServer(server, secrets),
    ),
  );
  refuseSecrets(hidden);
  return { config: hidden === tree ? config : hidden, env: secrets.env };
}

function hideInProvider(provider: ConfigTable, secrets: Secrets): ConfigTable {
  const { experimental_bearer_token: token, ...rest } = provider;
  if (!isText(token)) return hideHeaders(provider, secrets);
  // If `env_key` is set, the server never uses the token.
  const env_key = rest.env_key ?? secrets.add(token);
  return hideHeaders({ ...rest, env_key }, secrets);
}

function hideInMcpServer(server: ConfigTable, secrets: Secrets): ConfigTable {
  const { bearer_token: token, ...rest } = server;
  const withoutToken = isText(token)
    ? { ...rest, bearer_token_env_var: rest.bearer_token_env_var ?? secrets.add(token) }
    : server;
  return hideVariables(hideHeaders(withoutToken, secrets), secrets);
}

/** Moves the values of headers into the environment, because any header can be a credential. */
function hideHeaders(table: ConfigTable, secrets: Secrets): ConfigTable {
  const { http_headers: headers, ...rest } = table;
  const given = rest.env_http_headers ?? {};
  if (!isTable(headers) || !isTable(given) || !Object.values(headers).some(isText)) return table;
  const byVariable: [string, string][] = [];
  const plain: [string, unknown][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!isText(value)) plain.push([name, value]);
    else if (!secrets.isSet(member(given, name))) byVariable.push([name, secrets.add(value)]);
  }
  return {
    ...rest,
    ...(plain.length > 0 ? { http_headers: Object.fromEntries(plain) as ConfigTable } : {}),
    ...(byVariable.length > 0
      ? { env_http_headers: Object.fromEntries([...Object.entries(given), ...byVariable]) }
      : {}),
  };
}

/**
 * Moves the secret variables of an MCP server into the app-server's environment. A variable keeps
 * its name there; if that name is already in use, the value stays in the settings, and is refused
 * if it is a secret.
 */
function hideVariables(server: ConfigTable, secrets: Secrets): ConfigTable {
  const { env, ...rest } = server;
  const named = rest.env_vars ?? [];
  // This list would replace the one in config.toml, so nothing can be added for a server that is
  // defined there.
  if (!isTable(env) || !Array.isArray(named) || rest.command === undefined) return server;
  const moved: string[] = [];
  const plain: [string, unknown][] = [];
  for (const [name, value] of Object.entries(env)) {
    const isSecret =
      isText(value) && (mayNameSecret(name) || looksLikeSecret(value) || containsSecret(value));
    if (isSecret && secrets.addAs(name, value)) moved.push(name);
    else plain.push([name, value]);
  }
  if (moved.length === 0) return server;
  return { ...rest, env: Object.fromEntries(plain) as ConfigTable, env_vars: [...named, ...moved] };
}

/** The secrets found, by the name of their environment variable. */
class Secrets {
  readonly #inherited: NodeJS.ProcessEnv;
  readonly #values = new Map<string, string>();

  constructor(inherited: NodeJS.ProcessEnv) {
    this.#inherited = inherited;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  get env(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }

  /** Whether the variable that a setting names has a value in the server's environment. */
  isSet(variable: unknown): boolean {
    return typeof variable === "string" && isText(this.#inherited[variable]);
  }

  /** Adds a secret, and returns the name of the variable that holds it. */
  add(secret: string): string {
    const name = `CODEX_CONFIG_SECRET_${this.#values.size + 1}`;
    this.#set(name, secret);
    return name;
  }

  /** Adds a secret as the variable with this name; returns false if that already has another value. */
  addAs(name: string, secret: string): boolean {
    const value = this.#values.get(name) ?? this.#inherited[name];
    if (value !== undefined && value !== secret) return false;
    if (this.#inherited[name] === undefined) this.#set(name, secret);
    return true;
  }

  #set(name: string, secret: string): void {
    if (secret.includes("\0")) {
      throw new TypeError(
        "A secret in config contains a NUL character, which an environment variable can't contain",
      );
    }
    this.#values.set(name, secret);
  }

  /**
   * The settings, with the secrets' variables empty for the agent's commands, which inherit the
   * rest of the server's environment.
   */
  hiddenFromCommands(config: ConfigTable): ConfigTable {
    const policy = config.shell_environment_policy ?? {};
    const given = isTable(policy) ? (policy.set ?? {}) : undefined;
    if (this.isEmpty || !isTable(policy) || !isTable(given)) return config;
    const empty = [...this.#values.keys()].map((name): [string, string] => [name, ""]);
    const set = { ...Object.fromEntries(empty), ...given };
    return { ...config, shell_environment_policy: { ...policy, set } };
  }
}
