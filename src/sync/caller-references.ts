import { types } from "node:util";
import { isStandardSchema } from "../input/schema.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import type { CallerReference } from "./messages.ts";
import { isPlainObject, type Packed, pack } from "./packing.ts";
import {
  type AnyStandardSchema,
  ByReference,
  synchronous,
  synchronousExecute,
  synchronousValidate,
} from "./synchronous.ts";

/** The tables to which a packing adds entries. */
export interface CallerTables {
  /** Adds a value; returns its handle. */
  addHandle(value: unknown): number;
  /** Adds a use of a signal; returns its number. */
  useSignal(signal: AbortSignal): number;
}

/**
 * Packs a value for the worker. Functions stay in the calling thread and run here; endpoints, tools
 * and schemas are rebuilt in the worker from the data in them.
 * @throws TypeError for an endpoint or tool that this package didn't make; the reason of an aborted signal.
 */
export function packForWorker(given: unknown, tables: CallerTables): Packed<CallerReference> {
  return new Packing(tables).pack(given);
}

class Packing {
  readonly #tables: CallerTables;
  readonly #ancestors = new Set<object>();

  constructor(tables: CallerTables) {
    this.#tables = tables;
  }

  pack(given: unknown): Packed<CallerReference> {
    return pack<CallerReference>(given, (value, path) => this.#reference(value, path), {
      ancestors: this.#ancestors,
    });
  }

  #reference(value: object, path: readonly string[]): CallerReference | undefined {
    if (value instanceof ByReference) return this.#value(value.value);
    if (isStandardSchema(value)) return this.#schema(value);
    if (typeof value === "function") {
      const run = synchronous(nameOf(path), value as (...args: unknown[]) => unknown);
      return { type: "function", handle: this.#tables.addHandle(run) };
    }
    if (value instanceof AbortSignal) {
      value.throwIfAborted();
      return { type: "signal", signal: this.#tables.useSignal(value) };
    }
    if (!isRecord(value)) return undefined;
    if (isRecord(value.spec) && typeof value.call === "function") return this.#tool(value);
    if (typeof value.connect === "function") return this.#endpoint(value);
    return isInstance(value) ? this.#instance(value) : undefined;
  }

  #value(value: unknown): CallerReference {
    const handle = this.#tables.addHandle(value);
    return { type: "handle", handle, error: { name: errorName(value), message: messageOf(value) } };
  }

  #schema(schema: AnyStandardSchema): CallerReference {
    const { vendor, jsonSchema } = schema["~standard"];
    const validate = this.#tables.addHandle(synchronousValidate(schema));
    const reference = { type: "schema" as const, vendor, validate };
    if (typeof jsonSchema?.input !== "function") return reference;
    try {
      const json = JSON.parse(JSON.stringify(jsonSchema.input({ target: "draft-2020-12" })));
      return { ...reference, json: { value: json, references: [] } };
    } catch (error) {
      return { ...reference, failure: this.pack(new ByReference(error)) };
    }
  }

  #tool(tool: Record<string, unknown>): CallerReference {
    const { definition } = tool as { definition?: Record<string, unknown> };
    if (definition === undefined) {
      const { name } = tool.spec as { name?: unknown };
      throw new TypeError(
        `Tool ${JSON.stringify(name)} wasn't created with tool(), so its function "call" can't run ` +
          "in the worker thread: define it with tool()",
      );
    }
    const { execute, ...data } = definition;
    return {
      type: "tool",
      definition: this.pack(data),
      execute: this.#tables.addHandle(synchronousExecute(String(data.name), execute as never)),
    };
  }

  #endpoint(endpoint: Record<string, unknown>): CallerReference {
    const { name, recipe } = endpoint as {
      name?: unknown;
      recipe?: { maker: string; args: unknown[] };
    };
    if (recipe === undefined) {
      throw new TypeError(
        `CodexSync option transport: the functions of the custom endpoint ${JSON.stringify(name)} ` +
          "can't run in the worker thread. Use websocket(), unixSocket() or proxy(), or Codex instead of CodexSync",
      );
    }
    return { type: "endpoint", maker: recipe.maker, args: this.pack(recipe.args) };
  }

  #instance(value: Record<string, unknown>): CallerReference {
    const { toJSON } = value;
    const hasJson = typeof toJSON === "function";
    const members = Object.entries(value).filter(([key]) => key !== "toJSON" || !hasJson);
    const reference = {
      type: "instance" as const,
      className: String(value.constructor?.name ?? ""),
      fields: this.pack(Object.fromEntries(members)),
    };
    return hasJson ? { ...reference, json: this.pack(toJSON.call(value)) } : reference;
  }
}

/** The name of a thrown value. Never throws, no matter what the value is. */
function errorName(value: unknown): string {
  try {
    return value instanceof Error ? String(value.name) : "Error";
  } catch {
    return "Error";
  }
}

/** An object that would lose its class or its `toJSON` in a message. */
function isInstance(value: object): boolean {
  if (types.isDate(value) || ArrayBuffer.isView(value)) return false;
  if ("toJSON" in value && typeof value.toJSON === "function") return true;
  return !isPlainObject(value) && Object.prototype.toString.call(value) === "[object Object]";
}

/** A path in the arguments, such as `0.approvals.command`, in the form that users write. */
function nameOf(path: readonly string[]): string {
  return path.filter((key) => !/^\d+$/.test(key)).join(".") || "listener";
}
