import { isRecord } from "../util/describe.ts";

/** A JSON Schema inside another one. */
export interface Subschema {
  readonly schema: Record<string, unknown>;
  /** The keyword that contains it. */
  readonly keyword: string;
  /** Its location in that schema, as a JSON pointer: `/properties/name`. */
  readonly pointer: string;
}

const HOLD_ONE_OR_A_LIST = [
  "items",
  "prefixItems",
  "additionalItems",
  "contains",
  "unevaluatedItems",
  "additionalProperties",
  "propertyNames",
  "unevaluatedProperties",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
];

const HOLD_NAMED = [
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
];

/**
 * The schemas directly inside a schema. Data, such as the values of `enum`, `const` or `default`,
 * isn't a schema.
 */
export function subschemas(schema: Record<string, unknown>): Subschema[] {
  const unnamed = HOLD_ONE_OR_A_LIST.flatMap((keyword) => {
    const value = schema[keyword];
    return Array.isArray(value) ? named(keyword, value) : found(keyword, `/${keyword}`, value);
  });
  return unnamed.concat(HOLD_NAMED.flatMap((keyword) => named(keyword, schema[keyword])));
}

/** A key, as one segment of a JSON pointer. */
export function pointerPart(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The key for one segment of a JSON pointer, without its slash. */
export function pointerKey(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function named(keyword: string, holder: unknown): Subschema[] {
  if (typeof holder !== "object" || holder === null) return [];
  return Object.entries(holder).flatMap(([key, value]) => {
    return found(keyword, `/${keyword}${pointerPart(key)}`, value);
  });
}

function found(keyword: string, pointer: string, value: unknown): Subschema[] {
  return isRecord(value) ? [{ schema: value, keyword, pointer }] : [];
}

/** Whether a schema describes objects. */
export function describesObject(schema: Record<string, unknown>): boolean {
  const { type } = schema;
  if (type === undefined) return "properties" in schema;
  return type === "object" || (Array.isArray(type) && type.includes("object"));
}
