import { describe } from "../../util/describe.ts";
import type { JsonSchema } from "../schema.ts";
import { collect, demand, FITS, type Issues, issue, type Keywords, type Scope } from "./keyword.ts";

export const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"] as const;
export type TypeName = (typeof TYPES)[number];

/** How many texts an issue joins at most. */
const MAX_LISTED = 10;

/** The keywords that are about values of every kind, and those that apply other schemas to it. */
export const ANY_KEYWORDS: Keywords<unknown> = {
  enum: (allowed: readonly unknown[], value, _schema, scope) => {
    return demand(
      scope.isAmong(allowed, value),
      () => `must be one of ${list(allowed.map((one) => JSON.stringify(one)))}`,
    );
  },
  const: (allowed: unknown, value, _schema, scope) => {
    const fits = scope.identity(allowed) === scope.identity(value);
    return demand(fits, () => `must be ${JSON.stringify(allowed)}`);
  },
  $ref: (ref: string, value, schema, scope) => scope.follow(schema, ref, value),
  $dynamicRef: (ref: string, value, schema, scope) => scope.follow(schema, ref, value),
  allOf: (schemas: readonly unknown[], value, _schema, scope) => {
    return collect(schemas, (schema) => scope.check(schema, value));
  },
  anyOf: (schemas: readonly unknown[], value, _schema, scope) => {
    return nearest(schemas, value, scope).issues;
  },
  oneOf: (schemas: readonly unknown[], value, _schema, scope) => {
    const { issues, fits } = nearest(schemas, value, scope);
    return fits > 1 ? issue(`fits ${fits} of the schemas in "oneOf", where only one may`) : issues;
  },
  not: (schema: unknown, value, _schema, scope) => {
    return demand(scope.check(schema, value).length > 0, () => 'fits the schema in "not"');
  },
  if: (condition: unknown, value, { then = true, else: otherwise = true }, scope) => {
    return scope.check(scope.check(condition, value).length === 0 ? then : otherwise, value);
  },
};

export function checkType({ type }: JsonSchema, value: unknown): Issues {
  if (type === undefined) return FITS;
  const names = (Array.isArray(type) ? type : [type]) as TypeName[];
  const fits = names.some((name) => isOfType(name, value));
  return demand(fits, () => `must be ${list(names)}, got ${describe(value)}`);
}

export function isOfType(name: TypeName, value: unknown): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}

/** How many schemas a value fits, and when it is none, what is wrong with the one that is nearest. */
function nearest(
  schemas: readonly unknown[],
  value: unknown,
  scope: Scope,
): { readonly issues: Issues; readonly fits: number } {
  const results = schemas.map((schema) => scope.check(schema, value));
  const fits = results.filter((issues) => issues.length === 0).length;
  if (fits > 0) return { issues: FITS, fits };
  // One that has issues only further in was meant: kind and type fit already.
  const inner = results.filter((issues) => issues.every(({ path }) => path.length > 0));
  const [best] = inner.toSorted((one, other) => one.length - other.length);
  if (best) return { issues: best, fits };
  const messages = new Set(results.map(([first]) => first?.message ?? ""));
  return { issues: issue(list([...messages], " or ")), fits };
}

function list(texts: readonly string[], separator = ", "): string {
  const shown = texts.slice(0, MAX_LISTED).join(separator);
  return texts.length > MAX_LISTED ? `${shown}, …` : shown;
}
