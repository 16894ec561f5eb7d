import {
  CodexError,
  InvalidInputError,
  InvalidSchemaError,
  LaunchError,
  MessageUnansweredError,
  ModelUnreachableError,
  OutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
  TurnLostError,
} from "../errors/errors.ts";
import {
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  ParseError,
  RetryLimitExceededError,
  ServerBusyError,
  ThreadNotFoundError,
} from "../errors/rpc-errors.ts";
import { CodexWarning } from "../errors/warning.ts";
import { OutputValidationError, TurnFailedError } from "../turn/result.ts";
import type { ErrorData, WorkerSpecial } from "./messages.ts";
import type { Packed } from "./packing.ts";

/** The classes that an error of the worker can have, by its `name`; any other name is an `Error`. */
const CLASSES: Readonly<Record<string, { readonly prototype: Error }>> = {
  ...{ CodexError, CodexWarning, LaunchError, TransportClosedError, RequestTimeoutError },
  ...{ OutcomeUnknownError, TurnLostError, ModelUnreachableError, InvalidInputError },
  ...{ InvalidSchemaError, OutputValidationError, TurnFailedError },
  ...{ JsonRpcError, ParseError, InvalidRequestError, MethodNotFoundError, InvalidParamsError },
  ...{ MessageUnansweredError, ThreadNotFoundError },
  ...{ InternalRpcError, ServerBusyError, RetryLimitExceededError },
  ...{ Error, TypeError, RangeError, SyntaxError },
};

/** `packed` packs what the error holds, results and other errors among it. */
export function errorToData(
  error: Error,
  packed: (value: unknown) => Packed<WorkerSpecial>,
): ErrorData {
  const { name, message, stack, cause } = error;
  const fields = Object.entries(error).filter(([, value]) => canCross(value));
  return {
    ...{ name, message, stack },
    cause: cause === undefined ? undefined : packed(cause),
    fields: packed(Object.fromEntries(fields)),
  };
}

/** An error of the same class, with the same fields. */
export function errorFromData(
  { name, message, stack, cause, fields }: ErrorData,
  unpacked: (value: Packed<WorkerSpecial>) => unknown,
): Error {
  const options = cause === undefined ? undefined : { cause: unpacked(cause) };
  const error = new Error(message, options);
  const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (known) Object.setPrototypeOf(error, known.prototype);
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.assign(error, unpacked(fields));
  if (error.name !== name) Object.defineProperty(error, "name", { ...hidden, value: name });
  Object.defineProperty(error, "stack", { ...hidden, value: stack });
  return error;
}

/** Errors of the system may carry sockets and functions. */
function canCross(value: unknown): boolean {
  if (value instanceof Error) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
