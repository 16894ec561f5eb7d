/** The value of a Codex setting. A `Date` becomes a TOML date-time; undefined is omitted. */
export type ConfigValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue | undefined };

export type ConfigTable = Readonly<Record<string, ConfigValue | undefined>>;

/**
 * The value as one line of TOML. `path` names it in errors.
 *
 * @throws TypeError for values that TOML can't represent: null, functions, symbols, class
 *   instances, cycles, holes in arrays, invalid dates, lone surrogates, integers of more than 64
 *   bits.
 */
export function tomlValue(value: unknown, path: string): string {
  return write(value, path, []);
}

/**
 * The table as a file: its plain values first, then the tables in it.
 * @throws TypeError, like `tomlValue`.
 */
export function tomlFile(table: ConfigTable, path: readonly string[] = []): string {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  const name = (key: string) => [...path, key].join(".");
  const lines = entries
    .filter(([, value]) => !isTable(value))
    .map(([key, value]) => `${keyOf(key, name(key))} = ${tomlValue(value, name(key))}\n`);
  const tables = entries.flatMap(([key, value]) =>
    isTable(value) ? [tomlFile(value, [...path, key])] : [],
  );
  const header = path.map((key) => keyOf(key, path.join("."))).join(".");
  return (header && `[${header}]\n`) + lines.join("") + tables.join("");
}

export function isBareKey(key: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(key);
}

/** An object that represents a table: a literal, or an object without a prototype, of any realm. */
export function isTable(value: unknown): value is ConfigTable {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function write(value: unknown, path: string, ancestors: readonly unknown[]): string {
  switch (typeof value) {
    case "string":
      return basicString(value, path);
    case "boolean":
      return String(value);
    case "number":
      return numberOf(value);
    case "bigint":
      if (BigInt.asIntN(64, value) !== value) refuse(path, "is an integer of more than 64 bits");
      return String(value);
    case "object":
      return compound(value, path, ancestors);
    default:
      return refuse(path, `is ${value === undefined ? "undefined" : `a ${typeof value}`}`);
  }
}

function compound(value: object | null, path: string, ancestors: readonly unknown[]): string {
  if (value === null) return refuse(path, "is null; omit the key instead");
  if (value instanceof Date) return dateTime(value, path);
  if (ancestors.includes(value)) return refuse(path, "contains itself");
  const line = [...ancestors, value];
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, i) => write(item, `${path}[${i}]`, line)).join(", ")}]`;
  }
  if (!isTable(value)) return refuse(path, `is a ${value.constructor.name}, not a plain object`);
  const pairs = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(
      ([key, item]) => `${keyOf(key, `${path}.${key}`)} = ${write(item, `${path}.${key}`, line)}`,
    );
  return `{${pairs.join(", ")}}`;
}

function keyOf(key: string, path: string): string {
  return isBareKey(key) ? key : basicString(key, path);
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

function basicString(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) refuse(path, "contains a lone surrogate (half of a character)");
  const escaped = text.replace(/[\p{Cc}"\\]/gu, (char) => shortEscapes[char] ?? unicode(char));
  return `"${escaped}"`;
}

function unicode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  // Beyond 64 bits only a float can hold the number, and only an exponent makes it a float.
  if (Math.abs(value) >= 2 ** 63) return value.toExponential();
  // An integer needs all its digits, but JavaScript's shortest text for a number omits some.
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}

function dateTime(date: Date, path: string): string {
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  if (!/^\d{4}-/.test(text)) refuse(path, "isn't a date in the years 0 to 9999");
  return text;
}

function refuse(path: string, why: string): never {
  throw new TypeError(`config ${path} ${why}; it can't be written as TOML`);
}
