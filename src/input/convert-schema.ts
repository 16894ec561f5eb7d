import { InvalidSchemaError } from "../errors/errors.ts";
import type { JsonValue } from "../protocol/index.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import type { StandardSchema } from "./schema.ts";
import { describesObject, subschemas } from "./walk-schema.ts";

type JsonObject = { [keyword: string]: JsonValue };

/** Advice for schemas that have no JSON Schema, by library. */
const REMEDIES: Readonly<Record<string, string>> = {
  zod: 'import it from "zod" 4.2 or later (not from "zod/v3" or "zod/mini")',
  arktype: "use arktype 2.1.28 or later",
  valibot: "wrap it in toStandardJsonSchema() of @valibot/to-json-schema",
};

/**
 * Converts a Standard Schema to a JSON Schema for models. Objects that the library leaves open are
 * closed, because unknown keys would be dropped or refused later; `oneOf` becomes `anyOf`, which
 * model endpoints support; a root that only refers to a definition becomes that definition.
 * `adapt` rewrites more parts.
 *
 * @throws {InvalidSchemaError} if the library can't convert it, or the result is empty.
 */
export function convertSchema(
  schema: StandardSchema,
  name: string,
  adapt?: (converted: JsonObject) => void,
): JsonObject {
  const converted = inlineRoot(callConverter(schema, name));
  delete converted.$schema;
  if (Object.keys(converted).length === 0) {
    throw new InvalidSchemaError(
      `${name}: its JSON Schema is empty, so it would tell the model nothing. ` +
        "Pass an object schema that lists its keys",
      "",
    );
  }
  fitForModels(converted);
  adapt?.(converted);
  return converted;
}

function callConverter(schema: StandardSchema, name: string): JsonObject {
  const { vendor, jsonSchema }: Partial<StandardSchema["~standard"]> = schema["~standard"];
  if (typeof jsonSchema?.input !== "function") {
    const remedy =
      REMEDIES[vendor ?? ""] ?? "use a version of its library that supports the conversion";
    throw new InvalidSchemaError(
      `${name}: this ${vendor} schema can't be converted to JSON Schema. ` +
        `Either ${remedy}, or pass a plain JSON Schema`,
      "",
    );
  }
  try {
    return JSON.parse(JSON.stringify(jsonSchema.input({ target: "draft-2020-12" })));
  } catch (cause) {
    throw new InvalidSchemaError(
      `${name}: ${vendor} can't convert it to JSON Schema: ${messageOf(cause)}`,
      "",
      { cause },
    );
  }
}

/**
 * Replaces a root that only refers to a definition with that definition: recursive types give `{
 * $ref: "#/$defs/node", $defs }`, but the root itself must be an object.
 */
function inlineRoot(schema: JsonObject): JsonObject {
  const { $ref, ...rest } = schema;
  const [, holder, key] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(String($ref)) ?? [];
  if (holder === undefined || key === undefined) return schema;
  const definitions = schema[holder];
  const target = isRecord(definitions) ? definitions[key] : undefined;
  return isRecord(target) ? { ...(structuredClone(target) as JsonObject), ...rest } : schema;
}

function fitForModels(schema: Record<string, unknown>, partOfAll = false): void {
  // The parts of an `allOf` must stay open, because each lacks the keys of the others.
  if (describesObject(schema) && !partOfAll) schema.additionalProperties ??= false;
  if (schema.oneOf !== undefined && schema.anyOf === undefined) {
    schema.anyOf = schema.oneOf;
    delete schema.oneOf;
  }
  for (const { schema: inner, keyword } of subschemas(schema)) {
    fitForModels(inner, keyword === "allOf");
  }
}
