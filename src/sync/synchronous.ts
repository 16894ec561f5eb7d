import type { OutputIssue } from "../errors/output-issue.ts";
import { askLibrary } from "../input/ask-library.ts";
import { toolSuccess } from "../input/tool-result.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** The part of a Standard Schema that is used here. */
export interface AnyStandardSchema {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly jsonSchema?: { readonly input?: (options: object) => unknown };
  };
}

/** A value that stays in the calling thread: the worker can only return it. */
export class ByReference {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The function, which throws a TypeError if its result is a promise. */
export function synchronous(name: string, run: AnyFunction): AnyFunction {
  return (...args) => {
    const result = run(...args);
    if (!isPromise(result)) return result;
    result.then(undefined, () => {});
    throw new TypeError(
      `${name} returned a promise, which can't settle while the calling thread is blocked: ` +
        "make it synchronous, or use Codex instead of CodexSync",
    );
  };
}

/** A tool's function. Its result is converted here, where its methods exist. */
export function synchronousExecute(name: string, execute: AnyFunction): AnyFunction {
  const run = synchronous(`execute of tool "${name}"`, execute);
  return (args, context) => toolSuccess(run(args, context)).contentItems;
}

/** A schema's validation. Its output stays in the calling thread, because it can be anything. */
export function synchronousValidate(schema: AnyStandardSchema): AnyFunction {
  const { vendor } = schema["~standard"];
  const validate = synchronous(`validation by the ${vendor} schema`, (value) =>
    askLibrary(schema, value),
  );
  return (value) => {
    const { issues, value: output } = validate(value) as Validation;
    return issues === undefined
      ? { value: new ByReference(output) }
      : { issues: issues.map(toData) };
  };
}

interface Validation {
  readonly value?: unknown;
  readonly issues?: readonly {
    readonly message: string;
    readonly path?: Iterable<PropertyKey | { readonly key: PropertyKey }>;
  }[];
}

function toData({ message, path = [] }: NonNullable<Validation["issues"]>[number]): OutputIssue {
  const keys = Array.from(path, (segment) => (typeof segment === "object" ? segment.key : segment));
  return { message, path: keys.map((key) => (typeof key === "symbol" ? String(key) : key)) };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
