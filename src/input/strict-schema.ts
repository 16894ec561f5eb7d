import { InvalidSchemaError } from "../errors/errors.ts";
import { describesObject, pointerPart, subschemas } from "./walk-schema.ts";

const OFF = "or pass strict: false if the model's endpoint is not strict";

/** What strict mode does not know, and what to write instead. */
const REFUSED_KEYWORDS: readonly (readonly [keyword: string, mend: string])[] = [
  ["oneOf", "use anyOf"],
  ["allOf", "write its parts as one schema"],
  ["not", "say what is allowed"],
  ["if", "use anyOf"],
  ["then", "use anyOf"],
  ["else", "use anyOf"],
  ["prefixItems", "use an object with one key for each place of the tuple"],
  ["contains", "use items"],
  ["minContains", "use minItems"],
  ["maxContains", "use maxItems"],
  ["uniqueItems", "check it afterwards"],
  ["unevaluatedItems", "use items"],
  ["patternProperties", "list the keys in properties"],
  [
    "propertyNames",
    "list the keys in properties, or use an array of objects with a key and a value",
  ],
  ["minProperties", "list the keys in properties"],
  ["maxProperties", "list the keys in properties"],
  ["unevaluatedProperties", "use additionalProperties: false"],
  ["dependencies", "use anyOf"],
  ["dependentRequired", "use anyOf"],
  ["dependentSchemas", "use anyOf"],
];

const ANNOTATIONS = new Set(["title", "description", "default", "examples", "$comment"]);

/**
 * Refuses what an endpoint refuses in the strict mode of structured outputs, which the server always
 * asks for: an open object, an optional key, a root that is no object, a keyword it does not know.
 *
 * @param name what errors call the schema, e.g. `outputSchema`.
 * @throws {InvalidSchemaError} names the first such place and the mend.
 */
export function checkStrict(schema: Record<string, unknown>, name: string): void {
  if (schema.type !== "object" || schema.anyOf !== undefined) {
    refuse(name, "", "must be an object schema, without anyOf: make the value a key of an object");
  }
  checkNode(schema, "", name);
}

function checkNode(schema: Record<string, unknown>, path: string, name: string): void {
  if (Object.keys(schema).every((keyword) => ANNOTATIONS.has(keyword))) {
    refuse(name, path, "says nothing of its value: give it a type that JSON has");
  }
  for (const [keyword, mend] of REFUSED_KEYWORDS) {
    if (keyword in schema) refuse(name, path, `has ${keyword}, which strict mode refuses: ${mend}`);
  }
  if (describesObject(schema)) checkObject(schema, path, name);
  for (const { schema: inner, pointer } of subschemas(schema)) {
    checkNode(inner, path + pointer, name);
  }
}

function checkObject(schema: Record<string, unknown>, path: string, name: string): void {
  const { properties, required, additionalProperties } = schema;
  if (additionalProperties === undefined) {
    refuse(name, path, "is open to other keys: add additionalProperties: false");
  }
  if (additionalProperties !== false) {
    const mend = "list its keys, or use an array of objects with a key and a value";
    refuse(name, path, `takes keys that it does not list: ${mend}`);
  }
  const keys = Object.keys(properties ?? {});
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const optional = keys.find((key) => !needed.includes(key));
  if (optional !== undefined) {
    const place = `${path}/properties${pointerPart(optional)}`;
    refuse(name, place, "is optional: make it nullable instead, and required");
  }
  const unknown = needed.find((key) => !keys.includes(String(key)));
  if (unknown !== undefined) {
    refuse(name, `${path}/required`, `lists ${JSON.stringify(unknown)}, which is no property`);
  }
}

function refuse(name: string, path: string, what: string): never {
  const place = path === "" ? "its root" : path;
  throw new InvalidSchemaError(`${name}: ${place} ${what}, ${OFF}`, path);
}
