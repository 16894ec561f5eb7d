import { type ConfigTable, isTable } from "./toml.ts";

/** The settings as nested tables only: the outermost keys of `config` may be dotted paths. */
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

/** The own member of a table: its keys may be anything. */
export function member(table: ConfigTable, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The settings with each table in the table `name` replaced by what `change` makes of it; the same object if that is nothing new. */
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

/** Whether it is text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
