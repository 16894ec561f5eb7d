import type { JsonValue } from "../protocol/index.ts";
import { messageOf } from "../util/describe.ts";
import { prepareSchema } from "./prepare-schema.ts";
import type { OutputOf, Schema, Validated } from "./schema.ts";
import { fitForStrict } from "./strict-conversion.ts";
import { checkStrict } from "./strict-schema.ts";

export interface PrepareOutputOptions {
  /** Whether to refuse a schema that the endpoints' strict mode would refuse. Default true. */
  readonly strict?: boolean | undefined;
  /** Time limit for validating an answer, in milliseconds. Default 2,000. */
  readonly limitMs?: number | undefined;
}

export interface PreparedOutput<Output> {
  /** The schema for `outputSchema` of `turn/start`. */
  readonly jsonSchema: JsonValue;
  /** Parses and validates the model's text. Rejects only if the schema itself fails. */
  parse(text: string): Promise<Validated<Output>>;
}

/**
 * Prepares a schema for a turn. A plain JSON Schema is sent unchanged.
 *
 * @throws {TypeError} if it is neither a JSON Schema object nor a Standard Schema.
 * @throws {InvalidSchemaError} if it can't be converted to JSON Schema, or strict mode would refuse
 * it.
 */
export function prepareOutput<S extends Schema>(
  schema: S,
  options: PrepareOutputOptions = {},
): PreparedOutput<OutputOf<S>> {
  const { limitMs } = options;
  const strict = options.strict !== false;
  const adapt = strict ? fitForStrict : undefined;
  const { jsonSchema, validate } = prepareSchema(schema, "outputSchema", { adapt, limitMs });
  if (strict) checkStrict(jsonSchema, "outputSchema");
  return {
    jsonSchema,
    parse: async (text) => {
      const parsed = parseJson(text);
      if (parsed.issues !== undefined) return parsed;
      return (await validate(parsed.value)) as Validated<OutputOf<S>>;
    },
  };
}

function parseJson(text: string): Validated<unknown> {
  if (text.trim() === "") return { issues: [{ message: "The output is empty", path: [] }] };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { issues: [{ message: `The output is not JSON: ${messageOf(error)}`, path: [] }] };
  }
}
