import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidSchemaError } from "../errors/errors.ts";
import type { JsonValue } from "../protocol/index.ts";
import { describe, isPlainObject, messageOf } from "../util/describe.ts";
import { convertSchema } from "./convert-schema.ts";
import { MalformedSchema } from "./json-schema/form.ts";
import { JsonSchemaValidator } from "./json-schema/validator.ts";
import type { Validated } from "./schema.ts";
import { isStandardSchema, type JsonSchema, type Schema, type StandardSchema } from "./schema.ts";
import { soundValue } from "./sound-value.ts";
import { TookTooLong, withinTime } from "./time-limit.ts";

/** How long a library may validate one value, until it waits for something. */
const VALIDATION_MS = 2_000;

export interface PreparedSchema {
  readonly jsonSchema: { readonly [keyword: string]: JsonValue };
  /**
   * Checks a value from outside. Both kinds of schemas take bounded time: a JSON Schema grows with
   * the value's size only, a library is stopped after 2 seconds.
   */
  validate(value: unknown): Promise<Validated<unknown>>;
}

export interface PrepareSchemaOptions {
  /** Whether the JSON Schema of a library's schema is made fit for the strict mode of endpoints. */
  readonly strict: boolean;
}

/**
 * Both halves of a schema: what the model sees, and what checks its answer.
 *
 * @param name what errors call the schema, e.g. `outputSchema`.
 * @throws {TypeError} neither a JSON Schema object nor a Standard Schema.
 * @throws {InvalidSchemaError} a JSON Schema that does not work, or none can be made from it.
 */
export function prepareSchema(
  schema: Schema,
  name: string,
  options: PrepareSchemaOptions,
): PreparedSchema {
  if (isStandardSchema(schema)) {
    return {
      jsonSchema: convertSchema(schema, name, options),
      validate: (value) => validateSound(value, (sound) => askLibrary(schema, sound)),
    };
  }
  if (!isPlainObject(schema)) {
    throw new TypeError(
      `${name} must be a JSON Schema object or a Standard Schema, got ${describe(schema)}`,
    );
  }
  const validator = compile(schema, name);
  return {
    jsonSchema: schema as PreparedSchema["jsonSchema"],
    validate: (value) => {
      return validateSound(value, (sound) => {
        const issues = validator.validate(sound);
        return issues.length === 0 ? { value: sound } : { issues };
      });
    },
  };
}

async function validateSound(
  value: unknown,
  validate: (sound: unknown) => Validated<unknown> | Promise<Validated<unknown>>,
): Promise<Validated<unknown>> {
  const sound = soundValue(value);
  return sound.issues === undefined ? validate(sound.value) : sound;
}

async function askLibrary(schema: StandardSchema, value: unknown): Promise<Validated<unknown>> {
  const { vendor, validate } = schema["~standard"];
  try {
    return toValidated(await withinTime(VALIDATION_MS, () => validate(value)));
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    const message = `can't be checked: the ${vendor} schema ${error.message} (a regular expression that backtracks?)`;
    return { issues: [{ message, path: [] }] };
  }
}

function compile(schema: JsonSchema, name: string): JsonSchemaValidator {
  try {
    // A copy, as it goes out: what the schema's owner changes later is not meant.
    return new JsonSchemaValidator(JSON.parse(JSON.stringify(schema)));
  } catch (cause) {
    const pointer = cause instanceof MalformedSchema ? cause.pointer : "";
    const what = `${pointer} ${messageOf(cause)}`.trim();
    throw new InvalidSchemaError(`${name} is no working JSON Schema: ${what}`, pointer, { cause });
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
