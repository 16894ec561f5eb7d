import { isRecord } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import { subschemas } from "../walk-schema.ts";
import { MalformedSchema } from "./form.ts";
import { REFERENCE_KEYWORDS, type References } from "./references.ts";

/** Keywords that apply a schema to the value itself, not to part of it. */
const IN_PLACE = new Set([
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentSchemas",
]);

/**
 * Refuses a reference that refers to itself without descending into the value: validation would
 * never end.
 *
 * @throws {MalformedSchema}
 */
export function refuseLoops(root: JsonSchema, references: References): void {
  const done = new Set<unknown>();
  const walk = (schema: unknown, pointer: string, trail: Set<unknown>): void => {
    if (!isRecord(schema) || (done.has(schema) && !trail.has(schema))) return;
    if (trail.has(schema)) {
      throw new MalformedSchema(pointer, "refers to itself without descending into the value");
    }
    done.add(schema);
    // One set for the whole trail: a copy for each schema would take quadratic time.
    trail.add(schema);
    for (const { schema: inner, keyword, pointer: step } of subschemas(schema)) {
      walk(inner, pointer + step, IN_PLACE.has(keyword) ? trail : new Set());
    }
    for (const name of REFERENCE_KEYWORDS) {
      const ref = schema[name];
      if (ref !== undefined)
        walk(references.find(schema, String(ref)), `${pointer}/${name}`, trail);
    }
    trail.delete(schema);
  };
  walk(root, "", new Set());
}
