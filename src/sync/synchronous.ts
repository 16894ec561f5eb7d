import type { OutputIssue } from "../errors/output-issue.ts";
import { askLibrary } from "../input/ask-library.ts";
import { toolSuccess } from "../input/tool-result.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** As much of a Standard Schema as is used. */
export interface AnyStandardSchema {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly jsonSchema?: { readonly input?: (options: object) => unknown };
  };
}

/** A value that stays with the calling thread: the worker can only hand it back. */
export class Kept {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The function, which must give its result at once: a promise can't settle while the thread waits. */
export function synchronous(name: string, run: AnyFunction): AnyFunction {
  return (...args) => {
    const result = run(...args);
    if (!isPromise(result)) return result;
    result.then(undefined, () => {});
    throw new TypeError(
      `${name} returned a promise, which can't settle while the thread waits: ` +
        "make it synchronous, or use the class Codex",
    );
  };
}

/** A tool's work. Its result becomes content here, where all its methods are. */
export function synchronousExecute(name: string, execute: AnyFunction): AnyFunction {
  const run = synchronous(`execute of tool "${name}"`, execute);
  return (args, context) => toolSuccess(run(args, context)).contentItems;
}

/** A schema's validation. What it makes of the value need not be data, and stays. */
export function synchronousValidate(schema: AnyStandardSchema): AnyFunction {
  const { vendor } = schema["~standard"];
  const validate = synchronous(`validation by the ${vendor} schema`, (value) =>
    askLibrary(schema, value),
  );
  return (value) => {
    const { issues, value: output } = validate(value) as Validation;
    return issues === undefined ? { value: new Kept(output) } : { issues: issues.map(toData) };
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
