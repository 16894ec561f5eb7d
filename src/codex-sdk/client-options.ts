import type { CodexOptions as ClientOptions } from "../client/options.ts";
import { expanded } from "../process/config-tree.ts";
import type { EnvironmentOverrides } from "../process/environment.ts";
import { refuseSecrets } from "../process/refuse-secrets.ts";
import { type ConfigTable, isBareKey, isTable, tomlValue } from "../process/toml.ts";
import type { CodexConfigObject, CodexOptions } from "./options.ts";

const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

/**
 * The options of the underlying client.
 * @throws TypeError for a secret that would be readable on the server's command line.
 */
export function clientOptions(options: CodexOptions): ClientOptions {
  const { apiKey, baseUrl, codexPathOverride, native = {} } = options;
  const configOverrides = options.configOverrides ?? [];
  const env = environmentOf(options.env);
  const settings = options.config ? flatten(options.config) : [];
  const plain = settings.filter(([path]) => path.split(".").every(isBareKey));
  const unusual = settings.filter((setting) => !plain.includes(setting));
  // These bypass the client's own check of its `config` option.
  refuseSecrets(
    expanded(Object.fromEntries([...unusual, ["openai_base_url", baseUrl]]) as ConfigTable),
  );
  const raw = [
    ...unusual.map(([path, value]) => `${path}=${tomlValue(value, path)}`),
    ...configOverrides,
    ...(baseUrl ? [`openai_base_url=${tomlValue(baseUrl, "baseUrl")}`] : []),
  ];
  const key = apiKey || env.CODEX_API_KEY;
  return {
    onWarning: () => {},
    approvals: "decline",
    ...native,
    keepAlive: false,
    env,
    // A thread is unloaded as soon as it is no longer needed, so that other processes can resume
    // it.
    config: { thread_unload_delay_secs: 0, ...(Object.fromEntries(plain) as ConfigTable) },
    ...(raw.length > 0 && { configOverrides: raw }),
    ...(codexPathOverride && { codexBin: codexPathOverride }),
    ...(key && native.transport === undefined && { apiKey: key }),
  };
}

/** The server's environment: `given`, or that of this process if `given` is undefined. */
function environmentOf(given: CodexOptions["env"]): EnvironmentOverrides {
  const { CODEX_API_KEY } = process.env;
  const env: Record<string, string | undefined> = given
    ? { ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...given }
    : { CODEX_API_KEY, [ORIGINATOR]: process.env[ORIGINATOR] };
  return { ...env, [ORIGINATOR]: env[ORIGINATOR] || "codex_sdk_ts" };
}

/** The settings by their dotted paths. */
function flatten(config: CodexConfigObject): [path: string, value: unknown][] {
  if (!isTable(config)) throw new Error("The config option must be a plain object");
  return Object.entries(config).flatMap(([key, value]) => settingsAt(key, value, key));
}

function settingsAt(key: string, value: unknown, path: string): [string, unknown][] {
  if (key === "") throw new Error("A key in the config option is empty");
  if (value === undefined) return [];
  if (!isTable(value)) {
    refuseUnwritable(value, path);
    return [[path, value]];
  }
  const members = Object.entries(value);
  if (members.length === 0) return [[path, value]];
  return members.flatMap(([name, member]) => settingsAt(name, member, `${path}.${name}`));
}

function refuseUnwritable(value: unknown, path: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`The config option has a number at ${path} that isn't finite`);
  }
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) refuseUnwritable(one, `${path}[${index}]`);
  }
  if (value === null)
    throw new Error(`The config option has null at ${path}; omit the key instead`);
}
