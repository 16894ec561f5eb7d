import type { JsonSchema } from "../schema.ts";
import { evaluatedKeys } from "./evaluated.ts";
import { collect, demand, FITS, type Issues, issue, type Keywords, within } from "./keyword.ts";

type Members = { readonly [key: string]: unknown };

export const OBJECT_KEYWORDS: Keywords<Members> = {
  minProperties: (limit: number, members) => {
    return demand(Object.keys(members).length >= limit, () => `must have at least ${limit} keys`);
  },
  maxProperties: (limit: number, members) => {
    return demand(Object.keys(members).length <= limit, () => `must have at most ${limit} keys`);
  },
  required: (keys: readonly string[], members) => {
    return collect(keys, (key) => {
      return demand(Object.hasOwn(members, key), () => `lacks the key ${JSON.stringify(key)}`);
    });
  },
  properties: (schemas: Members, members, _schema, scope) => {
    return collect(Object.keys(members), (key) => {
      if (!Object.hasOwn(schemas, key)) return FITS;
      return within(key, scope.check(schemas[key], members[key]));
    });
  },
  patternProperties: (schemas: Members, members, _schema, scope) => {
    return collect(Object.entries(schemas), ([source, schema]) => {
      const pattern = scope.pattern(source);
      return collect(Object.keys(members), (key) => {
        return pattern.test(key) ? within(key, scope.check(schema, members[key])) : FITS;
      });
    });
  },
  additionalProperties: (given: unknown, members, schema, scope) => {
    const { properties = {}, patternProperties = {} } = schema as ObjectSchemas;
    const patterns = Object.keys(patternProperties).map((source) => scope.pattern(source));
    return collect(Object.keys(members), (key) => {
      if (Object.hasOwn(properties, key) || patterns.some((pattern) => pattern.test(key))) {
        return FITS;
      }
      return given === false ? unlisted(key) : within(key, scope.check(given, members[key]));
    });
  },
  unevaluatedProperties: (given: unknown, members, schema, scope) => {
    const evaluated = evaluatedKeys(schema, members, scope);
    return collect(Object.keys(members), (key) => {
      if (evaluated.has(key)) return FITS;
      return given === false ? unlisted(key) : within(key, scope.check(given, members[key]));
    });
  },
  propertyNames: (given: unknown, members, _schema, scope) => {
    return collect(Object.keys(members), (key) => {
      return scope.check(given, key).map(({ message }) => {
        return { message: `has the key ${JSON.stringify(key)}, which ${message}`, path: [] };
      });
    });
  },
  dependentRequired: (needs: { readonly [key: string]: readonly string[] }, members) => {
    return collect(Object.keys(needs), (key) => {
      return Object.hasOwn(members, key) ? checkNeeds(key, needs[key] ?? [], members) : FITS;
    });
  },
  dependentSchemas: (schemas: Members, members, _schema, scope) => {
    return collect(Object.keys(schemas), (key) => {
      return Object.hasOwn(members, key) ? scope.check(schemas[key], members) : FITS;
    });
  },
  /** What older drafts had in place of the two above. */
  dependencies: (given: Members, members, _schema, scope) => {
    return collect(Object.entries(given), ([key, needs]) => {
      if (!Object.hasOwn(members, key)) return FITS;
      return Array.isArray(needs) ? checkNeeds(key, needs, members) : scope.check(needs, members);
    });
  },
};

type ObjectSchemas = JsonSchema & {
  readonly properties?: Members;
  readonly patternProperties?: Members;
};

function unlisted(key: string): Issues {
  return issue(`has the key ${JSON.stringify(key)}, which its schema does not allow`);
}

function checkNeeds(key: string, needs: readonly string[], members: Members): Issues {
  return collect(needs, (need) => {
    return demand(Object.hasOwn(members, need), () => {
      return `lacks the key ${JSON.stringify(need)}, which the key ${JSON.stringify(key)} needs`;
    });
  });
}
