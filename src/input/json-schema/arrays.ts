import { evaluatedItems } from "./evaluated.ts";
import {
  collect,
  demand,
  FITS,
  type Issues,
  issue,
  type Keywords,
  type Scope,
  within,
} from "./keyword.ts";

type Items = readonly unknown[];

export const ARRAY_KEYWORDS: Keywords<Items> = {
  minItems: (limit: number, items) => {
    return demand(items.length >= limit, () => `must have at least ${limit} items`);
  },
  maxItems: (limit: number, items) => {
    return demand(items.length <= limit, () => `must have at most ${limit} items`);
  },
  uniqueItems: (wanted: boolean, items, _schema, scope) => {
    return wanted ? checkUnique(items, scope) : FITS;
  },
  prefixItems: (schemas: Items, items, _schema, scope) => checkPlaces(schemas, items, scope),
  items: (given: unknown, items, { prefixItems }, scope) => {
    // Older drafts write tuples so.
    if (Array.isArray(given)) return checkPlaces(given, items, scope);
    return checkFrom(Array.isArray(prefixItems) ? prefixItems.length : 0, given, items, scope);
  },
  additionalItems: (given: unknown, items, schema, scope) => {
    return Array.isArray(schema.items) ? checkFrom(schema.items.length, given, items, scope) : FITS;
  },
  contains: (given: unknown, items, schema, scope) => {
    const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema as ContainsLimits;
    const found = items.filter((item) => scope.check(given, item).length === 0).length;
    const wanted = found < minContains ? `at least ${minContains}` : `at most ${maxContains}`;
    return demand(found >= minContains && found <= maxContains, () => {
      return `must have ${wanted} items that fit "contains", and has ${found}`;
    });
  },
  unevaluatedItems: (given: unknown, items, schema, scope) => {
    const evaluated = evaluatedItems(schema, items, scope);
    return collect(items.entries(), ([place, item]) => {
      return evaluated.has(place) ? FITS : within(place, scope.check(given, item));
    });
  },
};

interface ContainsLimits {
  readonly minContains?: number;
  readonly maxContains?: number;
}

function checkUnique(items: Items, scope: Scope): Issues {
  const places = new Map<number, number>();
  for (const [place, item] of items.entries()) {
    const identity = scope.identity(item);
    const other = places.get(identity);
    if (other !== undefined) return issue(`has the same item at ${other} and at ${place}`);
    places.set(identity, place);
  }
  return FITS;
}

/** Each item with the schema of its place. */
function checkPlaces(schemas: Items, items: Items, scope: Scope): Issues {
  return collect(items.slice(0, schemas.length).entries(), ([place, item]) => {
    return within(place, scope.check(schemas[place], item));
  });
}

/** The items from `start` on, with one schema. */
function checkFrom(start: number, schema: unknown, items: Items, scope: Scope): Issues {
  if (schema === false) {
    return demand(items.length <= start, () => `must have at most ${start} items`);
  }
  return collect(items.slice(start).entries(), ([place, item]) => {
    return within(start + place, scope.check(schema, item));
  });
}
