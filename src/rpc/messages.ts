import type { RpcErrorBody } from "../errors/rpc-errors.ts";
import { hasExactNumbers } from "../text/json-numbers.ts";
import type { TraceContext } from "../util/channels.ts";
import { describe, isRecord, messageOf } from "../util/describe.ts";

/** Ids are strings or integers; the server counts its own from 0. */
export type RequestId = string | number;

export interface Notification {
  readonly method: string;
  readonly params: unknown;
}

export interface ServerRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
  /** Whether all numbers of the message were parsed without loss; absent if it isn't known. */
  readonly exactNumbers?: boolean | undefined;
}

export interface Response {
  readonly id: RequestId;
  readonly result?: unknown;
  /** Null or absent if the request succeeded. */
  readonly error?: RpcErrorBody | null;
}

export type Incoming =
  | { readonly kind: "notification"; readonly message: Notification }
  | { readonly kind: "request"; readonly message: ServerRequest }
  | { readonly kind: "response"; readonly message: Response; readonly flaw?: string }
  | { readonly kind: "malformed"; readonly why: string };

export const INTERNAL_ERROR = -32603;

/**
 * Classifies a message by its members. Params and results aren't copied, so unknown members are kept. A response
 * with an id but without a usable outcome becomes a response with an error, since a call may be
 * waiting for it; `flaw` then says what is wrong.
 */
export function classify(text: string): Incoming {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { kind: "malformed", why: "it is not JSON" };
  }
  if (!isRecord(message)) return { kind: "malformed", why: "it is not an object" };
  if ("method" in message) return classifyCall(message, text);
  if (!("id" in message)) return { kind: "malformed", why: "it has neither a method nor an id" };
  if (!isId(message.id))
    return { kind: "malformed", why: "its id is neither a string nor a number" };
  return classifyResponse(message as { id: RequestId; result?: unknown; error?: unknown });
}

function classifyCall(message: Record<string, unknown>, text: string): Incoming {
  const { id, method, params } = message;
  if (typeof method !== "string") return { kind: "malformed", why: "its method is not a string" };
  if (!("id" in message)) {
    const call: unknown = message;
    return { kind: "notification", message: call as Notification };
  }
  if (!isId(id)) return { kind: "malformed", why: "its id is neither a string nor a number" };
  const exactNumbers = hasExactNumbers(text);
  return { kind: "request", message: { id, method, params, exactNumbers } };
}

function classifyResponse(message: { id: RequestId; result?: unknown; error?: unknown }): Incoming {
  const { id, error = null } = message;
  if (error === null) {
    if ("result" in message) return { kind: "response", message: message as Response };
    const error = errorBody("The server's response has neither a result nor an error");
    return { kind: "response", message: { id, error }, flaw: "it has no result and no error" };
  }
  if (isErrorBody(error)) return { kind: "response", message: message as Response };
  const flaw = "its error is malformed";
  return { kind: "response", message: { id, error: readableError(error) }, flaw };
}

/** Limit for the message of a malformed error. */
const MAX_QUOTED_CHARS = 1_000;

/** The readable parts of an error without a code or a message. */
function readableError(error: unknown): RpcErrorBody {
  const { code, message, data }: Record<string, unknown> = isRecord(error) ? error : {};
  const said = typeof message === "string" ? message.slice(0, MAX_QUOTED_CHARS) : describe(error);
  const body = errorBody(`The server's error is malformed: ${said}`);
  return { ...body, ...(typeof code === "number" && { code }), ...(data != null && { data }) };
}

function errorBody(message: string): RpcErrorBody {
  return { code: INTERNAL_ERROR, message };
}

function isId(id: unknown): id is RequestId {
  return typeof id === "string" || typeof id === "number";
}

function isErrorBody(error: unknown): error is RpcErrorBody {
  return isRecord(error) && typeof error.code === "number" && typeof error.message === "string";
}

/** @throws TypeError if the params can't be written as JSON. */
export function encodeRequest(
  id: RequestId,
  method: string,
  params: unknown,
  trace?: TraceContext,
): string {
  const traced = trace === undefined ? "" : `,"trace":${toJson(trace, "The trace context")}`;
  return `{"id":${toJson(id, "The id")},${callMembers(method, params ?? {})}${traced}}`;
}

/** @throws TypeError if the params can't be written as JSON. */
export function encodeNotification(method: string, params: unknown): string {
  if (params !== undefined) return `{${callMembers(method, params)}}`;
  return `{"method":${toJson(method, "The method")}}`;
}

function callMembers(method: string, params: unknown): string {
  // The server would ignore the whole message and never answer.
  if (typeof method !== "string") {
    throw new TypeError(`The method must be a string, not ${describe(method)}`);
  }
  const json = toJson(params, `${method}: the params`);
  return `"method":${toJson(method, "The method")},"params":${json}`;
}

/** @throws TypeError if the result can't be written as JSON. */
export function encodeResult(id: RequestId, result: unknown): string {
  return `{"id":${toJson(id, "The id")},"result":${toJson(result ?? null, "The result")}}`;
}

export function encodeError(id: RequestId, error: RpcErrorBody): string {
  return toJson({ id, error }, "The error");
}

const SURROGATE_ESCAPE = /\\(?:\\|u[dD][89a-fA-F][0-9a-fA-F]{2})/g;

/**
 * A value as JSON text. A lone surrogate, which UTF-8 can't represent, becomes U+FFFD: the server
 * would ignore the whole message and never answer.
 */
function toJson(value: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(`${what} can't be sent as JSON: ${messageOf(cause)}`, { cause });
  }
  if (text === undefined) {
    throw new TypeError(`${what} can't be sent as JSON: got ${describe(value)}`);
  }
  if (!text.includes("\\ud")) return text;
  return text.replace(SURROGATE_ESCAPE, (found) => (found === "\\\\" ? found : "\\ufffd"));
}
