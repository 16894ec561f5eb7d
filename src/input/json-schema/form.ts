import { isRecord } from "../../util/describe.ts";
import { TYPES } from "../json-type.ts";
import type { JsonSchema } from "../schema.ts";
import { pointerPart, subschemas } from "../walk-schema.ts";
import { REFERENCE_KEYWORDS, type References } from "./references.ts";

/** The reason why a JSON Schema is invalid, and the location. */
export class MalformedSchema extends Error {
  override name = "MalformedSchema";
  /** As a JSON pointer. */
  readonly pointer: string;

  constructor(pointer: string, what: string) {
    super(what);
    this.pointer = pointer;
  }
}

const isSchema = (given: unknown) => isRecord(given) || typeof given === "boolean";
const isNumber = (given: unknown) => typeof given === "number";
const isCount = (given: unknown) => Number.isInteger(given) && Number(given) >= 0;
const isText = (given: unknown) => typeof given === "string";
const isTexts = (given: unknown) => Array.isArray(given) && given.every(isText);
const isSchemas = (given: unknown) =>
  Array.isArray(given) && given.length > 0 && given.every(isSchema);
const isSchemaMap = (given: unknown) => isRecord(given) && Object.values(given).every(isSchema);
const isTypeName = (given: unknown) => TYPES.some((type) => type === given);

interface Form {
  readonly holds: (given: unknown) => boolean;
  readonly what: string;
  readonly keywords: readonly string[];
}

const FORMS: readonly Form[] = [
  {
    holds: isSchema,
    what: "a schema",
    keywords: [
      "additionalProperties",
      "additionalItems",
      "contains",
      "propertyNames",
      "not",
      "if",
      "then",
      "else",
      "unevaluatedItems",
      "unevaluatedProperties",
    ],
  },
  {
    holds: isSchemas,
    what: "a list of schemas",
    keywords: ["allOf", "anyOf", "oneOf", "prefixItems"],
  },
  {
    holds: (given) => isSchema(given) || (Array.isArray(given) && given.every(isSchema)),
    what: "a schema",
    keywords: ["items"],
  },
  {
    holds: isSchemaMap,
    what: "an object whose values are schemas",
    keywords: ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"],
  },
  {
    holds: isNumber,
    what: "a number",
    keywords: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  },
  {
    holds: (given) => isNumber(given) && Number(given) > 0,
    what: "a number greater than 0",
    keywords: ["multipleOf"],
  },
  {
    holds: isCount,
    what: "a non-negative whole number",
    keywords: [
      "minLength",
      "maxLength",
      "minItems",
      "maxItems",
      "minContains",
      "maxContains",
      "minProperties",
      "maxProperties",
    ],
  },
  {
    holds: (given) =>
      isTypeName(given) || (Array.isArray(given) && given.length > 0 && given.every(isTypeName)),
    what: `one of ${TYPES.join(", ")}, or a list of them`,
    keywords: ["type"],
  },
  { holds: Array.isArray, what: "a list of values", keywords: ["enum"] },
  { holds: isTexts, what: "a list of keys", keywords: ["required"] },
  {
    holds: (given) => typeof given === "boolean",
    what: "true or false",
    keywords: ["uniqueItems"],
  },
  {
    holds: (given) => isRecord(given) && Object.values(given).every(isTexts),
    what: "an object whose values are lists of keys",
    keywords: ["dependentRequired"],
  },
  {
    holds: (given) => {
      return isRecord(given) && Object.values(given).every((one) => isSchema(one) || isTexts(one));
    },
    what: "an object whose values are schemas or lists of keys",
    keywords: ["dependencies"],
  },
  { holds: isText, what: "a string", keywords: ["pattern", ...REFERENCE_KEYWORDS] },
  {
    // The library looks up formats in an object, which also has inherited members.
    holds: (given) => typeof given === "string" && !(given in Object.prototype),
    what: "the name of a format",
    keywords: ["format"],
  },
];

/**
 * Checks that every keyword has a valid value, every pattern compiles, and every reference
 * resolves.
 *
 * @returns the schema and all schemas in it, with their JSON pointers.
 * @throws {MalformedSchema} with the location of the first violation.
 */
export function checkForm(root: JsonSchema, references: References): Map<JsonSchema, string> {
  const checked = new Map<JsonSchema, string>();
  const check = (schema: JsonSchema, pointer: string): void => {
    if (checked.has(schema)) return;
    checked.set(schema, pointer);
    checkKeywords(schema, pointer);
    checkPatterns(schema, pointer);
    for (const { schema: inner, pointer: further } of subschemas(schema))
      check(inner, pointer + further);
    for (const keyword of REFERENCE_KEYWORDS) {
      const ref = schema[keyword];
      if (ref === undefined) continue;
      const target = references.find(schema, String(ref));
      if (!isSchema(target)) {
        const what = `refers to ${JSON.stringify(ref)}, which isn't in the schema`;
        throw new MalformedSchema(`${pointer}/${keyword}`, what);
      }
      if (isRecord(target)) check(target, `${pointer}/${keyword}`);
    }
  };
  check(root, "");
  return checked;
}

function checkKeywords(schema: JsonSchema, pointer: string): void {
  for (const { holds, what, keywords } of FORMS) {
    const wrong = keywords.find((name) => Object.hasOwn(schema, name) && !holds(schema[name]));
    if (wrong !== undefined) throw new MalformedSchema(`${pointer}/${wrong}`, `must be ${what}`);
  }
}

function checkPatterns({ pattern, patternProperties = {} }: JsonSchema, pointer: string): void {
  if (typeof pattern === "string") checkPattern(pattern, `${pointer}/pattern`);
  for (const source of Object.keys(patternProperties as object)) {
    checkPattern(source, `${pointer}/patternProperties${pointerPart(source)}`);
  }
}

function checkPattern(source: string, pointer: string): void {
  try {
    new RegExp(source, "u");
  } catch (error) {
    throw new MalformedSchema(pointer, `can't be used: ${(error as Error).message}`);
  }
}
