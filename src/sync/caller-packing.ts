import { isStandardSchema } from "../input/schema.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import type { CallerSpecial } from "./messages.ts";
import { type Packed, pack } from "./packing.ts";
import {
  type AnyStandardSchema,
  Kept,
  synchronous,
  synchronousExecute,
  synchronousValidate,
} from "./synchronous.ts";

/** What the calling thread keeps for the worker, which gets numbers in place of it. */
export interface Keeper {
  hold(value: unknown): number;
  signal(signal: AbortSignal): number;
}

/**
 * What the user gave, as data: functions stay here and are run here; an endpoint, a tool and a
 * schema are made anew in the worker, of what is data in them.
 * @throws TypeError for an endpoint or a tool of the user's own making; the reason of a signal that has aborted.
 */
export function packForWorker(given: unknown, keeper: Keeper): Packed<CallerSpecial> {
  return pack<CallerSpecial>(given, (value, path) => specialOf(value, path, keeper));
}

function specialOf(
  value: unknown,
  path: readonly string[],
  keeper: Keeper,
): CallerSpecial | undefined {
  if (value instanceof Kept) return heldSpecial(value.value, keeper);
  if (isStandardSchema(value)) return schemaSpecial(value, keeper);
  if (typeof value === "function") {
    const run = synchronous(nameOf(path), value as (...args: unknown[]) => unknown);
    return { type: "function", held: keeper.hold(run) };
  }
  if (value instanceof AbortSignal) {
    value.throwIfAborted();
    return { type: "signal", signal: keeper.signal(value) };
  }
  if (!isRecord(value)) return undefined;
  if (isRecord(value.spec) && typeof value.call === "function") return toolSpecial(value, keeper);
  if (typeof value.connect === "function") return endpointSpecial(value, keeper);
  return undefined;
}

function schemaSpecial(schema: AnyStandardSchema, keeper: Keeper): CallerSpecial {
  const { vendor, jsonSchema } = schema["~standard"];
  const validate = keeper.hold(synchronousValidate(schema));
  const special = { type: "schema" as const, vendor, validate };
  if (typeof jsonSchema?.input !== "function") return special;
  try {
    const json = JSON.parse(JSON.stringify(jsonSchema.input({ target: "draft-2020-12" })));
    return { ...special, json: { value: json, specials: [] } };
  } catch (error) {
    return { ...special, failure: packForWorker(new Kept(error), keeper) };
  }
}

function heldSpecial(value: unknown, keeper: Keeper): CallerSpecial {
  const held = keeper.hold(value);
  if (!(value instanceof Error)) return { type: "held", held };
  return { type: "held", held, error: { name: value.name, message: messageOf(value) } };
}

function toolSpecial(tool: Record<string, unknown>, keeper: Keeper): CallerSpecial {
  const { definition } = tool as { definition?: Record<string, unknown> };
  if (definition === undefined) {
    const { name } = tool.spec as { name?: unknown };
    throw new TypeError(
      `The tool ${JSON.stringify(name)} was not made by tool(), and its own function call can't run ` +
        "in the worker thread: define it with tool()",
    );
  }
  const { execute, ...data } = definition;
  return {
    type: "tool",
    definition: packForWorker(data, keeper),
    execute: keeper.hold(synchronousExecute(String(data.name), execute as never)),
  };
}

function endpointSpecial(endpoint: Record<string, unknown>, keeper: Keeper): CallerSpecial {
  const { name, recipe } = endpoint as {
    name?: unknown;
    recipe?: { maker: string; args: unknown[] };
  };
  if (recipe === undefined) {
    throw new TypeError(
      `CodexSync option transport: the endpoint ${JSON.stringify(name)} is of your own making, and its functions ` +
        "can't run in the worker thread. Use websocket(), unixSocket() or proxy(), or the class Codex",
    );
  }
  return { type: "endpoint", maker: recipe.maker, args: packForWorker(recipe.args, keeper) };
}

/** `0.approvals.command`, from the place among the arguments, as users write it. */
function nameOf(path: readonly string[]): string {
  return path.filter((key) => !/^\d+$/.test(key)).join(".") || "listener";
}
