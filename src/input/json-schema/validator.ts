import type { OutputUnit, Schema } from "@cfworker/json-schema";
import type { OutputIssue } from "../../errors/output-issue.ts";
import type { JsonSchema } from "../schema.ts";
import { TookTooLong, withinTime } from "../time-limit.ts";
import { pointerPart } from "../walk-schema.ts";
import { checkForm } from "./form.ts";
import { toIssues } from "./issues.ts";
import { linkForLibrary } from "./link.ts";
import { refuseLoops } from "./loops.ts";
import { References } from "./references.ts";

/** The maximum number of a schema's keywords that an issue names. */
const MAX_SUSPECTS = 3;

/**
 * Checks values against a JSON Schema (draft 2020-12); `dependencies` and lists in `items` of
 * older drafts also work, and `$dynamicRef` and `$recursiveRef` are treated as `$ref`. Stops after
 * `limitMs` milliseconds: a pattern can backtrack, `uniqueItems` compares all pairs, and unions can
 * nest. Loads `@cfworker/json-schema` when it checks the first value.
 */
export class JsonSchemaValidator {
  readonly #schema: JsonSchema;
  readonly #limitMs: number;
  readonly #lookup: Record<string, Schema | boolean>;
  /** The keywords that can take too long, as JSON pointers. */
  readonly #suspects: readonly string[];

  /**
   * @param schema is modified: the validator takes ownership of it.
   * @throws {MalformedSchema} if the schema is invalid, for example has a bad pattern or a `$ref`
   * without a target.
   */
  constructor(schema: JsonSchema, limitMs: number) {
    this.#schema = schema;
    this.#limitMs = limitMs;
    const references = new References(schema);
    const schemas = checkForm(schema, references);
    refuseLoops(schema, references);
    this.#suspects = [...schemas].flatMap(([one, pointer]) => suspectsIn(one, pointer));
    this.#lookup = linkForLibrary(schemas.keys(), references);
  }

  /** At most 20 issues of a JSON value; none if it is valid. */
  async validate(value: unknown): Promise<readonly OutputIssue[]> {
    const { validate } = await import("@cfworker/json-schema");
    let errors: readonly OutputUnit[] | undefined;
    const check = (untilFirst: boolean) => {
      errors = validate(value, this.#schema, "2020-12", this.#lookup, untilFirst).errors;
      return errors.length === 0;
    };
    try {
      // Finding all errors can take far longer than finding the first: the members of each alternative
      // of a union are checked even if its `const` rules the alternative out.
      withinTime(this.#limitMs, () => check(true) || check(false));
    } catch (error) {
      const why = this.#excuse(error);
      if (errors === undefined) return [{ message: `can't be checked: ${why}`, path: [] }];
    }
    return toIssues(errors ?? [], value);
  }

  #excuse(error: unknown): string {
    // The library passes all errors as arguments of one call, which throws a RangeError if there are too many.
    if (error instanceof RangeError)
      return "it has too many errors, or the JSON Schema is nested too deeply";
    if (!(error instanceof TookTooLong)) throw error;
    const shown = this.#suspects.slice(0, MAX_SUSPECTS).join(", ");
    const more = this.#suspects.length > MAX_SUSPECTS ? ", …" : "";
    return `the JSON Schema ${error.message} (suspects: ${shown || "nested anyOf or oneOf"}${more})`;
  }
}

function suspectsIn(schema: JsonSchema, pointer: string): string[] {
  const { pattern, patternProperties, uniqueItems } = schema;
  return [
    ...(pattern === undefined ? [] : [`${pointer}/pattern`]),
    ...Object.keys(patternProperties ?? {}).map((source) => {
      return `${pointer}/patternProperties${pointerPart(source)}`;
    }),
    ...(uniqueItems === true ? [`${pointer}/uniqueItems`] : []),
  ];
}
