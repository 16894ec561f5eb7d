import type { OutputUnit, Validator } from "@cfworker/json-schema";
import { InvalidSchemaError } from "../errors/errors.ts";
import type { OutputIssue } from "../errors/output-issue.ts";
import { messageOf } from "../util/describe.ts";
import type { JsonSchema, Validated } from "./schema.ts";

/** Errors that only say that one further in follows, or repeat what their parent has said better. */
const NO_NEWS = new Set(["properties", "items", "prefixItems", "$ref", "allOf", "false"]);

/** Checks values against a plain JSON Schema. The validator is loaded with the first value. */
export function jsonSchemaValidator(
  schema: JsonSchema,
  name: string,
): (value: unknown) => Promise<Validated<unknown>> {
  let validator: Validator | undefined;
  return async (value) => {
    try {
      validator ??= await compile(schema);
      const { valid, errors } = validator.validate(value);
      return valid ? { value } : { issues: toIssues(errors, value) };
    } catch (cause) {
      const why = messageOf(cause);
      throw new InvalidSchemaError(`${name} is no working JSON Schema: ${why}`, "", { cause });
    }
  };
}

async function compile(schema: JsonSchema): Promise<Validator> {
  const { Validator } = await import("@cfworker/json-schema");
  // It marks the schemas it has seen: ours stays clean.
  return new Validator(structuredClone(schema), "2020-12", false);
}

function toIssues(errors: readonly OutputUnit[], value: unknown): OutputIssue[] {
  const news = errors.filter(({ keyword }) => !NO_NEWS.has(keyword));
  return (news.length > 0 ? news : errors).map(({ error, instanceLocation }) => ({
    message: error,
    path: toPath(instanceLocation, value),
  }));
}

/** `#/list/0/a~1b` to `["list", 0, "a/b"]`: a number where the value has an array. */
function toPath(location: string, root: unknown): PropertyKey[] {
  let value: unknown = root;
  return location
    .split("/")
    .slice(1)
    .map((part) => {
      const key = decodeURI(part).replaceAll("~1", "/").replaceAll("~0", "~");
      const segment = Array.isArray(value) ? Number(key) : key;
      value = Object(value)[segment];
      return segment;
    });
}
