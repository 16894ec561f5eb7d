import type {
  StandardJSONSchemaV1,
  StandardSchemaV1,
  StandardTypedV1,
} from "@standard-schema/spec";
import type { OutputIssue } from "../errors/output-issue.ts";
import { isRecord } from "../util/describe.ts";

/** A JSON Schema, as a plain object. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema of zod ≥ 4.2, arktype ≥ 2.1.28, valibot through `toStandardJsonSchema`, or a similar library. */
export type StandardSchema<Given = unknown, Output = Given> = StandardSchemaV1<Given, Output> &
  StandardJSONSchemaV1<Given, Output>;

/**
 * A schema: a JSON Schema, or a library's schema. The values come from a model, and can make
 * validation slow, for example because a regular expression backtracks. Validation that takes more
 * than 2 seconds on this thread is stopped, which counts as an issue. Values nested more than 128
 * levels deep, numbers that can't be represented, such as 1e400, and lone surrogates match no
 * schema; members named `__proto__` are dropped.
 */
export type Schema = StandardSchema | JsonSchema;

/** The type of a validated value: inferred from a Standard Schema, otherwise unknown. */
export type OutputOf<S extends Schema> = S extends StandardTypedV1
  ? StandardTypedV1.InferOutput<S>
  : unknown;

/** A valid value, or the issues of an invalid one. */
export type Validated<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly OutputIssue[] };

/** Whether a value is a library's schema. Some libraries use functions as schemas. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  if (!isRecord(schema) && typeof schema !== "function") return false;
  return "~standard" in schema && isRecord(schema["~standard"]);
}
