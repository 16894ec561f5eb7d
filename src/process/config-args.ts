import { type ConfigTable, isBareKey, isTable, tomlValue } from "./toml.ts";

export type { ConfigTable } from "./toml.ts";

interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * The command-line arguments for Codex settings: `{ features: { x: true } }` becomes
 * `["--config", "features.x=true"]`.
 *
 * A key of the outermost object can be a dotted path (`"features.x"`), as on the command line of
 * Codex. Keys of nested objects are literal, including dots.
 *
 * @throws TypeError that names the key, for a value that TOML can't represent, or an outermost key
 * that isn't a path of letters, digits, `_` and `-`.
 */
export function configArgs(config: ConfigTable): string[] {
  return (
    Object.entries(config)
      .flatMap(([key, value]) => settings({ path: outermostPath(key), value }, []))
      // A table replaces everything set below its path before, so shorter paths come first.
      .sort((a, b) => a.path.length - b.path.length)
      .flatMap(({ path, value }) => ["--config", argument(path.join("."), value)])
  );
}

function argument(path: string, value: unknown): string {
  return `${path}=${tomlValue(value, path)}`;
}

/**
 * The settings to pass for a table. Codex splits `--config` at the first `=` and then at every dot,
 * and doesn't support quoted keys. So a table with a key that needs quotes is passed as an inline
 * table.
 */
function settings(setting: Setting, ancestors: readonly unknown[]): Setting[] {
  const { path, value } = setting;
  if (value === undefined) return [];
  if (!isTable(value) || ancestors.includes(value)) return [setting];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0 || !entries.every(([key]) => isBareKey(key))) return [setting];
  return entries.flatMap(([key, item]) =>
    settings({ path: [...path, key], value: item }, [...ancestors, value]),
  );
}

function outermostPath(key: string): string[] {
  const path = key.split(".");
  if (path.every(isBareKey)) return path;
  throw new TypeError(
    `config key ${JSON.stringify(key)} isn't a dotted path of letters, digits, _ and -: ` +
      "Codex doesn't support quotes in such paths. Put an unusual key inside a nested object.",
  );
}
