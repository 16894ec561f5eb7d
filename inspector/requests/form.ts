import { isRecord } from "../../src/util/describe.ts";

/** A field of a request's form. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly kind: "text" | "number" | "boolean" | "choice" | "json";
  readonly choices: readonly string[];
  /** Whether only the choices are allowed. */
  readonly isClosed: boolean;
}

/** The fields that a form's JSON Schema describes. */
export function fieldsOf(form: Readonly<Record<string, unknown>> | undefined): Field[] {
  if (!isRecord(form?.properties)) return [];
  const required = Array.isArray(form.required) ? form.required : [];
  return Object.entries(form.properties).flatMap(([name, schema]) =>
    isRecord(schema) ? [fieldOf(name, schema, required.includes(name))] : [],
  );
}

/** The answer's content, from what the user has entered. */
export function contentOf(
  fields: readonly Field[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entered = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = values[name];
    if (value === undefined || value === "") return kind === "boolean" ? [[name, false]] : [];
    return [[name, readValue(kind, value)]];
  });
  return Object.fromEntries(entered);
}

function readValue(kind: Field["kind"], value: unknown): unknown {
  if (kind === "number") return Number(value);
  return kind === "json" ? JSON.parse(String(value)) : value;
}

function fieldOf(
  name: string,
  schema: Readonly<Record<string, unknown>>,
  isRequired: boolean,
): Field {
  const { type, title, description, format, writeOnly } = schema;
  const choices = choicesOf(schema);
  return {
    ...{ name, isRequired, choices, isClosed: schema.examples === undefined },
    title: typeof title === "string" ? title : name,
    description: typeof description === "string" ? description : "",
    isSecret: format === "password" || writeOnly === true,
    kind: choices.length > 0 ? "choice" : kindOf(type),
  };
}

function kindOf(type: unknown): Field["kind"] {
  if (type === "string") return "text";
  if (type === "number" || type === "integer") return "number";
  return type === "boolean" ? "boolean" : "json";
}

/** The values to choose from; other texts may be allowed too. */
function choicesOf(schema: Readonly<Record<string, unknown>>): string[] {
  const { oneOf, anyOf, examples } = schema;
  const lists = [schema.enum, examples, constants(oneOf), constants(anyOf)];
  const found = lists.find((list) => Array.isArray(list) && list.length > 0);
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}

function constants(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) => (isRecord(one) && "const" in one ? [one.const] : []));
}
