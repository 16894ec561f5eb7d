import * as clientErrors from "../errors/errors.ts";
import * as requestErrors from "../errors/request-errors.ts";
import * as rpcErrors from "../errors/rpc-errors.ts";
import { CodexWarning } from "../errors/warning.ts";
import { OutputValidationError, TurnFailedError } from "../turn/result.ts";
import { TurnAbortedError, TurnTimeoutError } from "../turn/unfinished-errors.ts";
import { messageOf } from "../util/describe.ts";
import type { ErrorData, WorkerReference } from "./messages.ts";
import { isTooDeep } from "./nesting.ts";
import type { Packed } from "./packing.ts";

/** The classes for errors of the worker, by `name`. Any other name becomes an `Error`. */
const CLASSES = new Map<string, { readonly prototype: Error }>(
  Object.entries({
    ...errorClasses({ ...clientErrors, ...requestErrors, ...rpcErrors }),
    ...{ CodexWarning, OutputValidationError, TurnAbortedError, TurnFailedError, TurnTimeoutError },
    ...{ Error, TypeError, RangeError, SyntaxError, AggregateError },
  }),
);

function errorClasses(exports: object): Record<string, { readonly prototype: Error }> {
  const isClass = ([, one]: [string, unknown]) =>
    typeof one === "function" && one.prototype instanceof Error;
  return Object.fromEntries(Object.entries(exports).filter(isClass));
}

type Pack = (value: unknown) => Packed<WorkerReference>;

/** `pack` packs the error's contents, such as results and other errors. */
export function errorToData(error: Error, pack: Pack): ErrorData {
  const { name, message, stack, cause } = error;
  const members = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
    ([key]) => !["message", "stack", "cause"].includes(key),
  );
  const pick = (enumerable: boolean) => {
    const picked = members.filter(([, member]) => member.enumerable === enumerable);
    const values = picked.map(([key]) => [key, Reflect.get(error, key)] as const);
    return pack(Object.fromEntries(values.filter(([, value]) => canCross(value))));
  };
  return {
    ...{ name, message, stack },
    cause: cause === undefined ? undefined : pack(canCross(cause) ? cause : messageOf(cause)),
    isDomException: error instanceof DOMException,
    fields: pick(true),
    hidden: pick(false),
  };
}

/** Creates an error of the same class, with the same members. */
export function errorFromData(
  data: ErrorData,
  unpack: (value: Packed<WorkerReference>) => unknown,
): Error {
  const { name, stack } = data;
  const error = create(data);
  const hide = (key: string, value: unknown) =>
    Object.defineProperty(error, key, {
      ...{ value, writable: true, configurable: true, enumerable: false },
    });
  if (data.cause) hide("cause", unpack(data.cause));
  Object.assign(error, unpack(data.fields));
  for (const [key, value] of Object.entries(unpack(data.hidden) as object)) hide(key, value);
  if (error.name !== name) hide("name", name);
  hide("stack", stack);
  return error;
}

function create({ name, message, isDomException }: ErrorData): Error {
  if (isDomException) return new DOMException(message, name);
  const error = new Error(message);
  const known = CLASSES.get(name);
  return known ? Object.setPrototypeOf(error, known.prototype) : error;
}

/**
 * Whether a value can be sent to the other thread. Errors from the system can have sockets and
 * functions as members, and errors from a server any data.
 */
function canCross(value: unknown): boolean {
  if (value instanceof Error) return true;
  if (value instanceof AbortSignal || isTooDeep(value)) return false;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
