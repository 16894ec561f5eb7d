import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidSchemaError } from "../errors/errors.ts";
import type { JsonValue } from "../protocol/index.ts";
import { describe, isPlainObject, messageOf } from "../util/describe.ts";
import { askLibrary } from "./ask-library.ts";
import { convertSchema } from "./convert-schema.ts";
import { MalformedSchema } from "./json-schema/form.ts";
import { JsonSchemaValidator } from "./json-schema/validator.ts";
import { isStandardSchema, type JsonSchema, type Schema, type Validated } from "./schema.ts";
import { soundValue } from "./sound-value.ts";
import { CHECK_LIMIT_MS } from "./time-limit.ts";

export interface PreparedSchema {
  readonly jsonSchema: { readonly [keyword: string]: JsonValue };
  /**
   * Validates an untrusted value. Validation that takes longer than the limit is stopped, which
   * counts as an issue.
   */
  validate(value: unknown): Promise<Validated<unknown>>;
}

export interface PrepareSchemaOptions {
  /** Adapts the JSON Schema that a library has created. */
  readonly adapt?: ((schema: Record<string, unknown>) => void) | undefined;
  /** Time limit for validating a value, in milliseconds. Default 2,000. */
  readonly limitMs?: number | undefined;
}

/**
 * Prepares both halves of a schema: the JSON Schema for the model, and the validation of its
 * answer.
 *
 * @param name name of the schema in errors, such as `outputSchema`.
 * @throws {TypeError} if it is neither a JSON Schema object nor a Standard Schema.
 * @throws {InvalidSchemaError} if the JSON Schema is invalid, or the schema can't be converted to
 * one.
 */
export function prepareSchema(
  schema: Schema,
  name: string,
  options: PrepareSchemaOptions = {},
): PreparedSchema {
  const { limitMs = CHECK_LIMIT_MS, adapt } = options;
  if (isStandardSchema(schema)) {
    return {
      jsonSchema: convertSchema(schema, name, adapt),
      validate: (value) => {
        return validateSound(value, async (sound) => {
          return toValidated(await askLibrary(schema, sound, limitMs));
        });
      },
    };
  }
  if (!isPlainObject(schema)) {
    throw new TypeError(
      `${name} must be a JSON Schema object or a Standard Schema, got ${describe(schema)}`,
    );
  }
  const validator = compile(schema, name, limitMs);
  return {
    jsonSchema: schema as PreparedSchema["jsonSchema"],
    validate: (value) => {
      return validateSound(value, async (sound) => {
        const issues = await validator.validate(sound);
        return issues.length === 0 ? { value: sound } : { issues };
      });
    },
  };
}

async function validateSound(
  value: unknown,
  validate: (sound: unknown) => Promise<Validated<unknown>>,
): Promise<Validated<unknown>> {
  const sound = soundValue(value);
  return sound.issues === undefined ? validate(sound.value) : sound;
}

function compile(schema: JsonSchema, name: string, limitMs: number): JsonSchemaValidator {
  try {
    // A copy to send: later changes to the original must have no effect.
    return new JsonSchemaValidator(JSON.parse(JSON.stringify(schema)), limitMs);
  } catch (cause) {
    const pointer = cause instanceof MalformedSchema ? cause.pointer : "";
    const what = `${pointer} ${messageOf(cause)}`.trim();
    throw new InvalidSchemaError(`${name} isn't a valid JSON Schema: ${what}`, pointer, { cause });
  }
}

function toValidated(result: StandardSchemaV1.Result<unknown>): Validated<unknown> {
  if (result.issues === undefined) return { value: result.value };
  const issues = result.issues.map(({ message, path = [] }) => ({
    message,
    path: Array.from(path, (segment) => (typeof segment === "object" ? segment.key : segment)),
  }));
  return { issues };
}
