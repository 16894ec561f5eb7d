import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonValue } from "../protocol/index.ts";
import { describe, isRecord } from "../util/describe.ts";
import { convertSchema } from "./convert-schema.ts";
import { jsonSchemaValidator } from "./json-schema-validator.ts";
import type { Schema, StandardSchema, Validated } from "./schema.ts";

export interface PreparedSchema {
  readonly jsonSchema: { readonly [keyword: string]: JsonValue };
  validate(value: unknown): Promise<Validated<unknown>>;
}

/**
 * Both halves of a schema: what the model sees, and what checks its answer.
 *
 * @param name what errors call the schema, e.g. `outputSchema`.
 * @throws {TypeError} neither a JSON Schema object nor a Standard Schema.
 * @throws {InvalidSchemaError} no JSON Schema can be made from it.
 */
export function prepareSchema(schema: Schema, name: string): PreparedSchema {
  if (isStandardSchema(schema)) {
    return {
      jsonSchema: convertSchema(schema, name),
      validate: async (value) => toValidated(await schema["~standard"].validate(value)),
    };
  }
  if (!isPlainObject(schema)) {
    throw new TypeError(
      `${name} must be a JSON Schema object or a Standard Schema, got ${describe(schema)}`,
    );
  }
  return {
    jsonSchema: schema as PreparedSchema["jsonSchema"],
    validate: jsonSchemaValidator(schema, name),
  };
}

/** Schemas of some libraries are functions. */
function isStandardSchema(schema: unknown): schema is StandardSchema {
  if (!isRecord(schema) && typeof schema !== "function") return false;
  return "~standard" in schema && isRecord(schema["~standard"]);
}

function isPlainObject(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function toValidated(result: StandardSchemaV1.Result<unknown>): Validated<unknown> {
  if (result.issues === undefined) return { value: result.value };
  const issues = result.issues.map(({ message, path = [] }) => ({
    message,
    path: Array.from(path, (segment) => (typeof segment === "object" ? segment.key : segment)),
  }));
  return { issues };
}
