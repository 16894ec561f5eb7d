import { type ConfigTable, isTable } from "./toml.ts";

/** The settings as nested tables, without dotted paths as outermost keys. */
export function expanded(config: ConfigTable): ConfigTable {
  return Object.entries(config).reduce<ConfigTable>(
    (table, [key, value]) => withSetting(table, key.split("."), value),
    {},
  );
}

function withSetting(
  table: ConfigTable,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): ConfigTable {
  if (value === undefined) return table;
  const before = member(table, key);
  const after =
    rest.length > 0
      ? withSetting(isTable(before) ? before : {}, rest, value)
      : merged(before, value);
  return { ...table, [key]: after as ConfigTable };
}

function merged(before: unknown, value: unknown): unknown {
  if (!isTable(before) || !isTable(value)) return value;
  return Object.entries(value).reduce(
    (table, [key, item]) => withSetting(table, [key], item),
    before,
  );
}

/** An own member of a table, whose keys can be anything. */
export function member(table: ConfigTable, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The settings with each table in the table `name` replaced by the result of `change`; the same object if nothing changes. */
export function mapTables(
  config: ConfigTable,
  name: string,
  change: (table: ConfigTable) => ConfigTable,
): ConfigTable {
  const tables = member(config, name);
  if (!isTable(tables)) return config;
  const changed = Object.entries(tables).map(([key, table]): [string, ConfigTable[string]] => [
    key,
    isTable(table) ? change(table) : table,
  ]);
  if (changed.every(([key, table]) => table === tables[key])) return config;
  return { ...config, [name]: Object.fromEntries(changed) };
}

/** Whether a value is a string that isn't blank. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
