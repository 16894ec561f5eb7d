import type { OutputIssue } from "../../errors/output-issue.ts";
import { Pattern } from "../pattern/pattern.ts";
import type { JsonSchema } from "../schema.ts";
import { ANY_KEYWORDS, checkType } from "./any-value.ts";
import { ARRAY_KEYWORDS } from "./arrays.ts";
import { checkForm } from "./form.ts";
import { Identities } from "./identity.ts";
import { FITS, type Issues, issue, type Keywords, MAX_ISSUES, type Scope } from "./keyword.ts";
import { refuseLoops } from "./loops.ts";
import { OBJECT_KEYWORDS } from "./objects.ts";
import { References } from "./references.ts";
import { NUMBER_KEYWORDS, STRING_KEYWORDS } from "./scalars.ts";

/**
 * Checks values against a JSON Schema of draft 2020-12; what only older drafts have, such as a list
 * in `items`, is understood too, and `$dynamicRef` is taken for a `$ref`. The time that it takes
 * grows with the value as its size does: nothing is compared pair by pair, a value that several
 * branches lead to is checked once with each schema, and patterns never go back.
 */
export class JsonSchemaValidator {
  readonly #schema: JsonSchema;
  readonly #references: References;
  readonly #patterns = new Map<string, Pattern>();

  /** @throws {MalformedSchema} the schema does not work: a bad pattern, a `$ref` to nothing. */
  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#references = new References(schema);
    checkForm(schema, this.#references, (source) => this.#pattern(source));
    refuseLoops(schema, this.#references);
  }

  /** The issues of a value that JSON can carry; none when it fits. */
  validate(value: unknown): Issues {
    const validation = new Validation(this.#references, (source) => this.#pattern(source));
    try {
      return validation.check(this.#schema, value);
    } catch (error) {
      if (error instanceof RangeError) return issue("is nested too deeply to be checked");
      throw error;
    }
  }

  #pattern(source: string): Pattern {
    const pattern = this.#patterns.get(source) ?? new Pattern(source);
    this.#patterns.set(source, pattern);
    return pattern;
  }
}

/** One value being checked, with what has been found out about its parts. */
class Validation implements Scope {
  readonly #references: References;
  readonly #identities = new Identities();
  /** For each schema that references name, the values that were checked with it. */
  readonly #followed = new Map<unknown, Map<unknown, Issues>>();
  /** For each list of allowed values, the identities of these. */
  readonly #allowed = new Map<readonly unknown[], Set<number>>();
  readonly pattern: Scope["pattern"];

  constructor(references: References, pattern: Scope["pattern"]) {
    this.#references = references;
    this.pattern = pattern;
  }

  check(schema: unknown, value: unknown): Issues {
    if (typeof schema !== "object" || schema === null) {
      return schema === false ? issue("is not allowed") : FITS;
    }
    const known = schema as JsonSchema;
    const mismatch = checkType(known, value);
    if (mismatch.length > 0) return mismatch;
    const found: OutputIssue[] = [];
    // A plain loop: calls between a value and its members use up the stack.
    for (const keywords of [ANY_KEYWORDS, keywordsFor(value)]) {
      for (const name of Object.keys(keywords)) {
        const given = Object.hasOwn(known, name) ? known[name] : undefined;
        const keyword = given === undefined ? undefined : keywords[name];
        if (keyword) found.push(...keyword(given as never, value as never, known, this));
      }
    }
    return found.length > MAX_ISSUES ? found.slice(0, MAX_ISSUES) : found;
  }

  follow(schema: JsonSchema, ref: string, value: unknown): Issues {
    const target = this.target(schema, ref);
    const known = this.#followed.get(target) ?? new Map<unknown, Issues>();
    this.#followed.set(target, known);
    let issues = known.get(value);
    if (issues === undefined) {
      issues = this.check(target, value);
      known.set(value, issues);
    }
    return issues;
  }

  target(schema: JsonSchema, ref: string): unknown {
    return this.#references.find(schema, ref);
  }

  identity(value: unknown): number {
    return this.#identities.of(value);
  }

  isAmong(allowed: readonly unknown[], value: unknown): boolean {
    const identities =
      this.#allowed.get(allowed) ?? new Set(allowed.map((one) => this.identity(one)));
    this.#allowed.set(allowed, identities);
    return identities.has(this.identity(value));
  }
}

/** The keywords that are about values of one kind only. */
function keywordsFor(value: unknown): Keywords<never> {
  if (typeof value === "string") return STRING_KEYWORDS;
  if (typeof value === "number") return NUMBER_KEYWORDS;
  if (Array.isArray(value)) return ARRAY_KEYWORDS;
  return typeof value === "object" && value !== null ? OBJECT_KEYWORDS : {};
}
