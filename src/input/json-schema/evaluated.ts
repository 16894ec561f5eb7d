import { isRecord } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import type { Scope } from "./keyword.ts";

type Members = { readonly [key: string]: unknown };

/** The keys of an object that the keywords of a schema, but for its `unevaluatedProperties`, have checked. */
export function evaluatedKeys(schema: JsonSchema, members: Members, scope: Scope): Set<string> {
  const { properties, patternProperties, additionalProperties } = schema;
  const keys = Object.keys(members);
  if (additionalProperties !== undefined) return new Set(keys);
  const patterns = isRecord(patternProperties)
    ? Object.keys(patternProperties).map((source) => scope.pattern(source))
    : [];
  const evaluated = new Set(
    keys.filter((key) => {
      const listed = isRecord(properties) && Object.hasOwn(properties, key);
      return listed || patterns.some((pattern) => pattern.test(key));
    }),
  );
  for (const applied of appliedSchemas(schema, members, scope)) {
    if (applied.unevaluatedProperties !== undefined) return new Set(keys);
    for (const key of evaluatedKeys(applied, members, scope)) evaluated.add(key);
  }
  return evaluated;
}

/** The places of an array that the keywords of a schema, but for its `unevaluatedItems`, have checked. */
export function evaluatedItems(
  schema: JsonSchema,
  items: readonly unknown[],
  scope: Scope,
): Set<number> {
  const { prefixItems, items: others, additionalItems, contains } = schema;
  const all = new Set(items.keys());
  const tuple = Array.isArray(others) ? others : prefixItems;
  const rest = Array.isArray(others) ? additionalItems : others;
  if (rest !== undefined) return all;
  const evaluated = new Set(Array.isArray(tuple) ? items.slice(0, tuple.length).keys() : []);
  for (const [place, item] of items.entries()) {
    if (contains !== undefined && scope.check(contains, item).length === 0) evaluated.add(place);
  }
  for (const applied of appliedSchemas(schema, items, scope)) {
    if (applied.unevaluatedItems !== undefined) return all;
    for (const place of evaluatedItems(applied, items, scope)) evaluated.add(place);
  }
  return evaluated;
}

/** The schemas that a schema applies to the same value, and that the value fits. */
function appliedSchemas(schema: JsonSchema, value: object, scope: Scope): JsonSchema[] {
  const { $ref, $dynamicRef, if: condition, dependentSchemas = {} } = schema;
  const refs = [$ref, $dynamicRef].filter((ref) => typeof ref === "string");
  const listed = [schema.allOf, schema.anyOf, schema.oneOf].flat();
  const dependent = Object.entries(dependentSchemas as Members)
    .filter(([key]) => Object.hasOwn(value, key))
    .map(([, one]) => one);
  const holds = condition !== undefined && scope.check(condition, value).length === 0;
  const branches = holds
    ? [condition, schema.then]
    : [condition === undefined ? undefined : schema.else];
  return [...refs.map((ref) => scope.target(schema, ref)), ...listed, ...dependent, ...branches]
    .filter((one) => isRecord(one))
    .filter((one) => scope.check(one, value).length === 0);
}
