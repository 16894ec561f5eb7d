import { isRecord } from "../util/describe.ts";
import { refusedInPattern } from "./strict-pattern.ts";
import { STRICT_FORMATS } from "./strict-schema.ts";
import { subschemas } from "./walk-schema.ts";

type Schema = Record<string, unknown>;

/** Keywords that inform the model, and that the library validates anyway. */
const NOTED = [
  "minLength",
  "maxLength",
  "contentEncoding",
  "contentMediaType",
  "uniqueItems",
  "default",
  "examples",
];
/** Keywords that don't affect the answer. */
const DROPPED = ["readOnly", "writeOnly", "deprecated", "$comment", "$id"];
/** Keywords that libraries repeat beside anyOf, where strict mode refuses them. */
const NOT_BESIDE_ANY_OF = ["format", "pattern"];

/**
 * Rewrites parts of generated schemas that strict mode refuses, where nothing is lost: values
 * without a type get one, and constraints that strict mode can't enforce move to the description,
 * because the library validates them anyway. Parts that only the author can rewrite, such as a
 * record or an optional key, stay unchanged.
 */
export function fitForStrict(schema: Schema): void {
  for (const keyword of DROPPED) delete schema[keyword];
  listEnumeratedKeys(schema);
  mergePatterns(schema);
  wrapReference(schema);
  typeValues(schema);
  moveToDescription(schema);
  for (const { schema: inner } of subschemas(schema)) fitForStrict(inner);
}

/** Turns a record with an enum as its keys into an object with these keys. */
function listEnumeratedKeys(schema: Schema): void {
  const { propertyNames, additionalProperties, properties, required = [] } = schema;
  const keys = isRecord(propertyNames) ? propertyNames.enum : undefined;
  if (!Array.isArray(keys) || !isRecord(additionalProperties) || properties !== undefined) return;
  if (!keys.every((key) => typeof key === "string" && (required as unknown[]).includes(key)))
    return;
  schema.properties = Object.fromEntries(
    keys.map((key) => [key, structuredClone(additionalProperties)]),
  );
  schema.additionalProperties = false;
  delete schema.propertyNames;
}

/**
 * Replaces the allOf that libraries write for several patterns of one string: one pattern is kept,
 * and the others move to the description.
 */
function mergePatterns(schema: Schema): void {
  const { allOf } = schema;
  if (!Array.isArray(allOf) || allOf.length === 0) return;
  if (!allOf.every((part) => isRecord(part) && Object.keys(part).join() === "pattern")) return;
  const patterns: unknown[] = allOf.map((part) => part.pattern);
  delete schema.allOf;
  if (schema.pattern === undefined) schema.pattern = patterns.shift();
  if (patterns.length > 0)
    note(
      schema,
      patterns.map((pattern) => `pattern: ${pattern}`),
    );
}

/** Puts a $ref with other keywords into an anyOf: strict mode refuses all keywords beside a $ref, even a description. */
function wrapReference(schema: Schema): void {
  const { $ref } = schema;
  if ($ref === undefined || Object.keys(schema).length === 1) return;
  delete schema.$ref;
  schema.anyOf = [{ $ref }];
}

/** Gives an enum a type, which all its values except null must share. Other enums become an anyOf. */
function typeValues(schema: Schema): void {
  if (typeof schema.type === "string" || schema.anyOf !== undefined) return;
  const given = schema.const !== undefined ? [schema.const] : schema.enum;
  if (!Array.isArray(given) || given.length === 0) return;
  const types = [...new Set(given.map(typeOfValue))];
  if (types.includes(undefined)) return;
  const simple = types.filter((type) => type !== "null");
  if (simple.length <= 1) {
    schema.type = types.length === 1 ? types[0] : types;
    return;
  }
  delete schema.type;
  delete schema.enum;
  schema.anyOf = types.map((type) => {
    return { type, enum: given.filter((value) => typeOfValue(value) === type) };
  });
}

function typeOfValue(value: unknown): string | undefined {
  if (value === null) return "null";
  return ["string", "number", "boolean"].find((type) => typeof value === type);
}

function moveToDescription(schema: Schema): void {
  const { format, pattern } = schema;
  const keywords = [...NOTED, ...(schema.anyOf === undefined ? [] : NOT_BESIDE_ANY_OF)];
  if (!STRICT_FORMATS.includes(String(format))) keywords.push("format");
  if (typeof pattern === "string" && refusedInPattern(pattern) !== undefined) {
    keywords.push("pattern");
  }
  const moved = new Set(keywords.filter((keyword) => schema[keyword] !== undefined));
  note(
    schema,
    [...moved].map((keyword) => {
      const value = schema[keyword];
      return `${keyword}: ${typeof value === "string" ? value : JSON.stringify(value)}`;
    }),
  );
  for (const keyword of moved) delete schema[keyword];
}

function note(schema: Schema, notes: readonly string[]): void {
  if (notes.length === 0) return;
  const { description } = schema;
  const start = typeof description === "string" && description !== "" ? `${description} ` : "";
  schema.description = `${start}(${notes.join(", ")})`;
}
