import type { Schema } from "@cfworker/json-schema";
import { isRecord } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import { REFERENCE_KEYWORDS, type References } from "./references.ts";

/**
 * Modifies schemas so that the library validates them correctly, and returns its lookup table: every
 * reference becomes a `$ref` to a key of that table, including those whose target the library
 * wouldn't find, and `$dynamicRef`, which it ignores.
 */
export function linkForLibrary(
  schemas: Iterable<JsonSchema>,
  references: References,
): Record<string, Schema | boolean> {
  const targets: unknown[] = [];
  for (const schema of schemas as Iterable<Record<string, unknown>>) {
    const links = REFERENCE_KEYWORDS.filter((keyword) => schema[keyword] !== undefined).map(
      (keyword) => {
        const $ref = String(targets.push(references.find(schema, String(schema[keyword]))) - 1);
        delete schema[keyword];
        return { $ref };
      },
    );
    if (links.length > 0) schema.allOf = [...((schema.allOf as unknown[]) ?? []), ...links];
    if (isRecord(schema.properties)) schema.properties = constantsFirst(schema.properties);
  }
  return Object.fromEntries(targets.entries()) as Record<string, Schema | boolean>;
}

/**
 * Puts constants first: in a recursive union, the key that names the kind then rules out an
 * alternative before its other members are checked. Otherwise the check would take exponential
 * time.
 */
function constantsFirst(properties: Record<string, unknown>): Record<string, unknown> {
  const isConstant = (one: unknown) => Number(isRecord(one) && ("const" in one || "enum" in one));
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.toSorted(([, one], [, other]) => isConstant(other) - isConstant(one)),
  );
}
