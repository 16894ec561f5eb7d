import type {
  StandardJSONSchemaV1,
  StandardSchemaV1,
  StandardTypedV1,
} from "@standard-schema/spec";
import type { OutputIssue } from "../errors/output-issue.ts";
import { isRecord } from "../util/describe.ts";

/** A JSON Schema, as a plain object. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema of zod ≥ 4.2, arktype ≥ 2.1.28, valibot through `toStandardJsonSchema`, and their like. */
export type StandardSchema<Given = unknown, Output = Given> = StandardSchemaV1<Given, Output> &
  StandardJSONSchemaV1<Given, Output>;

/**
 * What this package takes as a schema. Answers and arguments come from a model, so the time to check
 * one is bounded: a check that works on this thread for longer than 2 seconds is stopped, which counts
 * as an issue, as a regular expression can backtrack and `uniqueItems` compares every pair. Values
 * nested more than 128 levels deep, numbers too large to be held, such as 1e400, and halves of
 * characters fit no schema; members named `__proto__` are dropped.
 */
export type Schema = StandardSchema | JsonSchema;

/** The type of what a schema has validated: inferred from a Standard Schema, else unknown. */
export type OutputOf<S extends Schema> = S extends StandardTypedV1
  ? StandardTypedV1.InferOutput<S>
  : unknown;

/** The value, or why there is none. */
export type Validated<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly OutputIssue[] };

/** Whether a library made it. Schemas of some libraries are functions. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  if (!isRecord(schema) && typeof schema !== "function") return false;
  return "~standard" in schema && isRecord(schema["~standard"]);
}
