import { InvalidSchemaError } from "../errors/errors.ts";
import { isRecord } from "../util/describe.ts";
import { isOfType, type TypeName } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";
import { type Excess, excessOf } from "./strict-limits.ts";
import { refusedInPattern } from "./strict-pattern.ts";
import { pointerKey, pointerPart } from "./walk-schema.ts";

const OFF = "or pass strict: false if the model's endpoint has no strict mode";

/** The formats that strict mode supports. */
export const STRICT_FORMATS: readonly string[] = [
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
];

const NOTES = ["title", "description"];
const AT_ROOT = ["$schema", "$id", "$defs", "definitions"];
const ANY_TYPE = ["type", "enum", "const"];
const NUMBER = ["multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/** The keywords that strict mode supports for each type. */
const OF_TYPE: { readonly [Type in TypeName]: readonly string[] } = {
  string: ["pattern", "format"],
  number: NUMBER,
  integer: NUMBER,
  boolean: [],
  null: [],
  array: ["items", "minItems", "maxItems"],
  object: ["properties", "required", "additionalProperties"],
};

const ENTRIES = "list the keys in properties, or use an array of objects with a key and a value";

/** What to use instead of an unsupported keyword. */
const REMEDIES = new Map([
  ["oneOf", "use anyOf"],
  ["allOf", "merge its parts into one schema"],
  ["not", "describe what is allowed instead"],
  ["if", "use anyOf"],
  ["then", "use anyOf"],
  ["else", "use anyOf"],
  ["prefixItems", "use an object with one key for each element of the tuple"],
  ["additionalItems", "use items"],
  ["contains", "use items"],
  ["unevaluatedItems", "use items"],
  ["unevaluatedProperties", "use additionalProperties: false"],
  ["patternProperties", ENTRIES],
  ["propertyNames", ENTRIES],
  ["dependencies", "use anyOf"],
  ["dependentRequired", "use anyOf"],
  ["dependentSchemas", "use anyOf"],
  ["nullable", 'add "null" to its type'],
  ["minLength", "put it into the description, or use a pattern"],
  ["maxLength", "put it into the description, or use a pattern"],
  ["default", "remove it: the model always sets a value"],
  ["examples", "put them into the description"],
]);

/**
 * Refuses schemas that an endpoint refuses in the strict mode of structured outputs, which the
 * server always uses. Only the types, keywords, formats and sizes that OpenAI documents for it are
 * accepted.
 *
 * @param name name of the schema in errors, such as `outputSchema`.
 * @throws {InvalidSchemaError} that names the first refused location and the remedy.
 */
export function checkStrict(given: JsonSchema, name: string): void {
  // As sent: without undefined members.
  const schema: JsonSchema = JSON.parse(JSON.stringify(given));
  const refuse: Refuse = (pointer, what) => {
    const place = pointer === "" ? "its root" : pointer;
    throw new InvalidSchemaError(`${name}: ${place} ${what}, ${OFF}`, pointer);
  };
  if (schema.type !== "object" || schema.anyOf !== undefined) {
    refuse("", "must be an object schema, without anyOf: wrap the value in an object");
  }
  const excess = withinStack(() => {
    new StrictCheck(schema, refuse).checkRoot();
    return excessOf(schema);
  });
  if (excess) refuse(excess.pointer, excess.what);
}

const TOO_DEEP = { pointer: "", what: "is nested thousands of levels deep: flatten it" };

function withinStack(check: () => Excess | undefined): Excess | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

type Refuse = (pointer: string, what: string) => never;

class StrictCheck {
  readonly #root: JsonSchema;
  readonly #refuse: Refuse;

  constructor(root: JsonSchema, refuse: Refuse) {
    this.#root = root;
    this.#refuse = refuse;
  }

  checkRoot(): void {
    this.#check(this.#root, "", AT_ROOT);
    for (const holder of ["$defs", "definitions"]) {
      const definitions = this.#root[holder];
      for (const [key, schema] of Object.entries(isRecord(definitions) ? definitions : {})) {
        this.#check(schema, `/${holder}${pointerPart(key)}`);
      }
    }
  }

  #check(schema: unknown, at: string, extra: readonly string[] = []): void {
    if (!isRecord(schema)) {
      this.#refuse(
        at,
        `is ${JSON.stringify(schema)}, which doesn't restrict the value: give it a type`,
      );
    }
    if (schema.$ref !== undefined) this.#checkReference(schema, at);
    else if (schema.anyOf !== undefined) this.#checkChoice(schema, at);
    else this.#checkTyped(schema, at, extra);
  }

  #checkReference({ $ref, ...others }: JsonSchema, at: string): void {
    const [beside] = Object.keys(others);
    if (beside !== undefined) {
      this.#refuse(
        at,
        `has ${beside} beside $ref, which strict mode refuses: use an anyOf whose only entry is the $ref`,
      );
    }
    const [, holder, key] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String($ref)) ?? [];
    const definitions = this.#root[holder ?? ""];
    const known = isRecord(definitions) && Object.hasOwn(definitions, pointerKey(key ?? ""));
    if ($ref !== "#" && !known) {
      this.#refuse(
        `${at}/$ref`,
        `refers to ${JSON.stringify($ref)}: it must be "#" or a definition in the $defs of the root`,
      );
    }
  }

  #checkChoice({ anyOf, ...others }: JsonSchema, at: string): void {
    this.#allow(others, at, NOTES, "anyOf");
    if (!Array.isArray(anyOf) || anyOf.length === 0) {
      this.#refuse(`${at}/anyOf`, "must be a list of schemas");
    }
    for (const [place, schema] of anyOf.entries()) this.#check(schema, `${at}/anyOf/${place}`);
  }

  #checkTyped(schema: JsonSchema, at: string, extra: readonly string[]): void {
    const { type } = schema;
    const types = (Array.isArray(type) ? type : [type]) as TypeName[];
    const unknown = types.find((one) => !Object.hasOwn(OF_TYPE, String(one)));
    if (types.length === 0 || unknown !== undefined || types.includes(unknown as never)) {
      this.#refuseUntyped(schema, at);
    }
    const keywords = types.flatMap((one) => OF_TYPE[one]);
    this.#allow(
      schema,
      at,
      [...NOTES, ...extra, ...ANY_TYPE, ...keywords],
      `type ${types.join(", ")}`,
    );
    this.#checkValues(schema, types, at);
    if (types.includes("string")) this.#checkText(schema, at);
    if (types.includes("array")) this.#checkArray(schema, at);
    if (types.includes("object")) this.#checkObject(schema, at);
  }

  #refuseUntyped(schema: JsonSchema, at: string): never {
    this.#allow(schema, at, [...NOTES, ...ANY_TYPE, ...Object.values(OF_TYPE).flat()], "a value");
    if (schema.type !== undefined) {
      const known = Object.keys(OF_TYPE).join(", ");
      this.#refuse(
        `${at}/type`,
        `is ${JSON.stringify(schema.type)}: it must be one of ${known}, or a list of them`,
      );
    }
    const given = Object.keys(schema).filter((keyword) => !NOTES.includes(keyword));
    if (given.length === 0) this.#refuse(at, "doesn't restrict the value: give it a type");
    this.#refuse(at, `has ${given.join(", ")} without a type: add the type`);
  }

  #allow(schema: JsonSchema, at: string, keywords: readonly string[], of: string): void {
    const refused = Object.keys(schema).find((keyword) => !keywords.includes(keyword));
    if (refused === undefined) return;
    const elsewhere = Object.values(OF_TYPE).flat().includes(refused);
    const remedy = REMEDIES.get(refused) ?? "remove it";
    if (elsewhere) this.#refuse(at, `has ${refused}, which doesn't apply to ${of}: remove it`);
    this.#refuse(at, `has ${refused}, which strict mode refuses: ${remedy}`);
  }

  #checkValues(schema: JsonSchema, types: readonly TypeName[], at: string): void {
    for (const keyword of ["enum", "const"]) {
      const given = schema[keyword];
      if (given === undefined) continue;
      const values: readonly unknown[] = keyword === "const" ? [given] : (given as unknown[]);
      const wrong = values.find((value) => !types.some((type) => isOfType(type, value)));
      if (wrong !== undefined || values.length === 0) {
        const what = values.length === 0 ? "is empty" : `has ${JSON.stringify(wrong)}`;
        this.#refuse(`${at}/${keyword}`, `${what}: its values must match the schema's type`);
      }
      const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
      if (kinds.size > 1 || kinds.has("object")) {
        this.#refuse(
          `${at}/${keyword}`,
          "must have values of one simple type, apart from null: use anyOf for others",
        );
      }
    }
  }

  #checkText({ format, pattern }: JsonSchema, at: string): void {
    if (format !== undefined && !STRICT_FORMATS.includes(String(format))) {
      const known = STRICT_FORMATS.join(", ");
      this.#refuse(
        `${at}/format`,
        `is ${JSON.stringify(format)}, but strict mode supports only ${known}: put it into the description`,
      );
    }
    const refused = pattern === undefined ? undefined : refusedInPattern(String(pattern));
    if (refused !== undefined) {
      this.#refuse(
        `${at}/pattern`,
        `${refused}, which strict mode refuses: write a simpler expression, or put it into the description`,
      );
    }
  }

  #checkArray({ items }: JsonSchema, at: string): void {
    if (items === undefined) this.#refuse(at, "is an array without items: add their schema");
    if (Array.isArray(items)) {
      this.#refuse(
        at,
        `has a list of items, which strict mode refuses: ${REMEDIES.get("prefixItems")}`,
      );
    }
    this.#check(items, `${at}/items`);
  }

  #checkObject({ properties, required, additionalProperties }: JsonSchema, at: string): void {
    if (additionalProperties === undefined) {
      this.#refuse(at, "allows other keys: add additionalProperties: false");
    }
    if (additionalProperties !== false) {
      this.#refuse(
        at,
        `allows keys that it doesn't list: ${ENTRIES.replace("list the keys", "list them")}`,
      );
    }
    if (!isRecord(properties))
      this.#refuse(at, "is an object without properties: list its keys in properties");
    const keys = Object.keys(properties);
    const needed: readonly unknown[] = Array.isArray(required) ? required : [];
    const optional = keys.find((key) => !needed.includes(key));
    if (optional !== undefined) {
      const place = `${at}/properties${pointerPart(optional)}`;
      this.#refuse(place, "is optional: make it required and nullable instead");
    }
    const unknown = needed.find((key) => !keys.includes(String(key)));
    if (unknown !== undefined) {
      this.#refuse(
        `${at}/required`,
        `lists ${JSON.stringify(unknown)}, which isn't in properties: add it there`,
      );
    }
    for (const key of keys) this.#check(properties[key], `${at}/properties${pointerPart(key)}`);
  }
}
