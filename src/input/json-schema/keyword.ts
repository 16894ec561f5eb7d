import type { OutputIssue } from "../../errors/output-issue.ts";
import type { Pattern } from "../pattern/pattern.ts";
import type { JsonSchema } from "../schema.ts";

/** What is wrong with a value, with paths that start at it; empty when it fits. */
export type Issues = readonly OutputIssue[];

/** What a keyword may ask of the validation that it is part of. */
export interface Scope {
  check(schema: unknown, value: unknown): Issues;
  /** As `check`, with the schema that `ref` names from the place of `schema`. */
  follow(schema: JsonSchema, ref: string, value: unknown): Issues;
  target(schema: JsonSchema, ref: string): unknown;
  pattern(source: string): Pattern;
  /** A number that equal values share, and no others. */
  identity(value: unknown): number;
  isAmong(allowed: readonly unknown[], value: unknown): boolean;
}

/** What a keyword, given this, finds wrong with a value of the kind that it is about. */
export type Keyword<Given, Value> = (
  given: Given,
  value: Value,
  schema: JsonSchema,
  scope: Scope,
) => Issues;

/** Keywords by name. What each is given has the form that `checkForm` demands. */
export type Keywords<Value> = { readonly [name: string]: Keyword<never, Value> };

/** An answer can have a hundred thousand, and nobody reads so many. */
export const MAX_ISSUES = 20;

export const FITS: Issues = [];

export function issue(message: string): Issues {
  return [{ message, path: [] }];
}

/** An issue unless the condition holds. */
export function demand(holds: boolean, message: () => string): Issues {
  return holds ? FITS : issue(message());
}

/** The issues of a member, as issues of what holds it. */
export function within(key: PropertyKey, issues: Issues): Issues {
  return issues.map(({ message, path }) => ({ message, path: [key, ...path] }));
}

/** The issues that each of the things has, until there are enough. */
export function collect<Thing>(
  things: Iterable<Thing>,
  issuesOf: (thing: Thing) => Issues,
): Issues {
  const found: OutputIssue[] = [];
  for (const thing of things) {
    for (const one of issuesOf(thing)) if (found.push(one) === MAX_ISSUES) return found;
  }
  return found;
}
