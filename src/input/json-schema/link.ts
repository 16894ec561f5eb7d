import type { Schema } from "@cfworker/json-schema";
import { isRecord } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import { REFERENCE_KEYWORDS, type References } from "./references.ts";

/**
 * Changes schemas so that the library validates by them as they are meant, and returns what it
 * looks references up in: every reference becomes a `$ref` to a key of that, also where the library
 * would not find the target, and `$dynamicRef`, which the library ignores.
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
 * In a recursive union, the key that names the kind should rule out a part before the part's other
 * members are checked with each part in turn: that takes exponential time.
 */
function constantsFirst(properties: Record<string, unknown>): Record<string, unknown> {
  const isConstant = (one: unknown) => Number(isRecord(one) && ("const" in one || "enum" in one));
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.toSorted(([, one], [, other]) => isConstant(other) - isConstant(one)),
  );
}
