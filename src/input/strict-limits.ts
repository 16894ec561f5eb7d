import { isRecord } from "../util/describe.ts";
import type { JsonSchema } from "./schema.ts";
import { subschemas } from "./walk-schema.ts";

const MAX_KEYS = 5_000;
const MAX_LEVELS = 10;
const MAX_NAMES_CHARS = 120_000;
const MAX_ENUM_VALUES = 1_000;
/** An enum with more values than this has a limit on its characters. */
const LARGE_ENUM = 250;
const MAX_LARGE_ENUM_CHARS = 15_000;

/** A size limit of strict mode that a schema exceeds: the location, and the message. */
export interface Excess {
  readonly pointer: string;
  readonly what: string;
}

interface Sizes {
  keys: number;
  chars: number;
  enumValues: number;
}

/** The first size limit that a schema exceeds. */
export function excessOf(root: JsonSchema): Excess | undefined {
  const sizes: Sizes = { keys: 0, chars: 0, enumValues: 0 };
  const excess = measure(root, "", 1, sizes);
  if (excess) return excess;
  const { keys, chars, enumValues } = sizes;
  if (keys > MAX_KEYS) return tooMuch(`has ${keys} keys in total`, MAX_KEYS);
  if (enumValues > MAX_ENUM_VALUES) {
    return tooMuch(`has ${enumValues} enum values in total`, MAX_ENUM_VALUES);
  }
  if (chars > MAX_NAMES_CHARS) {
    return tooMuch(`has ${chars} characters in its names and allowed values`, MAX_NAMES_CHARS);
  }
  return undefined;
}

function measure(
  schema: JsonSchema,
  pointer: string,
  level: number,
  sizes: Sizes,
): Excess | undefined {
  const { properties, items, const: only } = schema;
  const holdsOthers = isRecord(properties) || items !== undefined;
  if (holdsOthers && level > MAX_LEVELS) {
    return {
      pointer,
      what: `is nested ${level} levels deep, but at most ${MAX_LEVELS} levels are allowed: flatten it`,
    };
  }
  for (const names of [properties, schema.$defs, schema.definitions])
    sizes.chars += nameChars(names);
  sizes.keys += isRecord(properties) ? Object.keys(properties).length : 0;
  sizes.chars += textChars(only);
  const excess = measureEnum(schema, pointer, sizes);
  if (excess) return excess;
  for (const { schema: inner, keyword, pointer: step } of subschemas(schema)) {
    const deeper = keyword === "properties" || keyword === "items" ? level + 1 : level;
    const further = keyword === "$defs" || keyword === "definitions" ? 1 : deeper;
    const found = measure(inner, pointer + step, further, sizes);
    if (found) return found;
  }
  return undefined;
}

function measureEnum(schema: JsonSchema, pointer: string, sizes: Sizes): Excess | undefined {
  const values: readonly unknown[] = Array.isArray(schema.enum) ? schema.enum : [];
  const chars = values.reduce<number>((sum, value) => sum + textChars(value), 0);
  sizes.enumValues += values.length;
  sizes.chars += chars;
  if (values.length <= LARGE_ENUM || chars <= MAX_LARGE_ENUM_CHARS) return undefined;
  return {
    pointer: `${pointer}/enum`,
    what: `has ${values.length} values with ${chars} characters in total, but enums with more than ${LARGE_ENUM} values may have at most ${MAX_LARGE_ENUM_CHARS} characters: use fewer or shorter ones`,
  };
}

function tooMuch(what: string, limit: number): Excess {
  return { pointer: "", what: `${what}, but at most ${limit} are allowed: split the task` };
}

function nameChars(names: unknown): number {
  return isRecord(names) ? Object.keys(names).reduce((sum, name) => sum + name.length, 0) : 0;
}

function textChars(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}
