import type { JsonValue } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";

type Table = Readonly<Record<string, JsonValue | undefined>>;

/**
 * A setting of the profile that a configuration selects with the key `profile`. Old servers, such as 0.125, have
 * these profiles. There, a profile's settings take precedence over all others in the configuration, but `config/read`
 * doesn't apply them. `overrides` is the option `config` of a thread.
 */
export function profileSetting(
  key: "model" | "sandbox_mode",
  configured: object,
  overrides: Table = {},
): string | undefined {
  const tables = [overrides, configured];
  const find = (path: string) =>
    tables.map((table) => valueAt(table, path)).find((value) => value != null);
  const name = find("profile");
  const setting = typeof name === "string" ? find(`profiles.${name}.${key}`) : undefined;
  return typeof setting === "string" ? setting : undefined;
}

/** The value at this path. A key can be a path too. */
function valueAt(table: unknown, path: string): unknown {
  if (!isRecord(table)) return undefined;
  if (Object.hasOwn(table, path)) return table[path];
  for (const [key, value] of Object.entries(table)) {
    if (!path.startsWith(`${key}.`)) continue;
    const found = valueAt(value, path.slice(key.length + 1));
    if (found != null) return found;
  }
  return undefined;
}
