/** A value of a configuration file. */
export type ConfigValue =
  | string
  | number
  | boolean
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** The server's configuration, with the keys of its config.toml. */
export type Config = { readonly [key: string]: ConfigValue };

/** Writes a configuration as TOML: the plain values of a table first, then the tables in it. */
export function toToml(config: Config, path: readonly string[] = []): string {
  const entries = Object.entries(config);
  const values = entries.filter(([, value]) => !isTable(value));
  const lines = values.map(([key, value]) => `${bare(key)} = ${inline(value)}\n`);
  const header = path.length === 0 ? "" : `[${path.map(bare).join(".")}]\n`;
  const tables = entries.flatMap(([key, value]) =>
    isTable(value) ? [toToml(value, [...path, key])] : [],
  );
  return header + lines.join("") + tables.join("");
}

function inline(value: ConfigValue): string {
  if (typeof value === "string") return quote(value);
  if (isTable(value)) {
    const fields = Object.entries(value).map(([key, field]) => `${bare(key)} = ${inline(field)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return typeof value === "object" ? `[${value.map(inline).join(", ")}]` : String(value);
}

function bare(key: string): string {
  return /^[\w-]+$/.test(key) ? key : quote(key);
}

/** JSON's escapes are those of TOML's basic strings, but for DEL, which TOML wants escaped too. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

function isTable(value: ConfigValue): value is Config {
  return typeof value === "object" && !Array.isArray(value);
}
