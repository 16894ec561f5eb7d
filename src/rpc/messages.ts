import type { RpcErrorBody } from "../errors/rpc-errors.ts";

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
}

export interface Response {
  readonly id: RequestId;
  readonly result?: unknown;
  readonly error?: RpcErrorBody;
}

export type Incoming =
  | { readonly kind: "notification"; readonly message: Notification }
  | { readonly kind: "request"; readonly message: ServerRequest }
  | { readonly kind: "response"; readonly message: Response }
  | { readonly kind: "malformed"; readonly why: string };

/** Tells what a message is by the members that it has. Nothing is copied, so unknown members stay. */
export function classify(text: string): Incoming {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { kind: "malformed", why: "it is not JSON" };
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return { kind: "malformed", why: "it is not an object" };
  }
  if ("method" in message) return classifyCall(message);
  if ("id" in message && isId(message.id)) {
    if ("result" in message) return { kind: "response", message: message as Response };
    if ("error" in message && isErrorBody(message.error)) {
      return { kind: "response", message: message as Response };
    }
    return { kind: "malformed", why: "a response without a result or an error" };
  }
  return { kind: "malformed", why: "neither a method nor an id" };
}

function classifyCall(message: { method: unknown; id?: unknown }): Incoming {
  if (typeof message.method !== "string") {
    return { kind: "malformed", why: "its method is not a string" };
  }
  if (!("id" in message)) return { kind: "notification", message: message as Notification };
  if (!isId(message.id)) return { kind: "malformed", why: "its id is no string and no number" };
  return { kind: "request", message: message as ServerRequest };
}

function isId(id: unknown): id is RequestId {
  return typeof id === "string" || typeof id === "number";
}

function isErrorBody(error: unknown): error is RpcErrorBody {
  return (
    typeof error === "object" &&
    error !== null &&
    typeof (error as RpcErrorBody).code === "number" &&
    typeof (error as RpcErrorBody).message === "string"
  );
}

const SURROGATE_ESCAPE = /\\(?:\\|u[dD][89a-fA-F][0-9a-fA-F]{2})/g;

/**
 * A message as JSON text. Half of a surrogate pair, which no UTF-8 text can hold, becomes U+FFFD:
 * the server would pass over the whole message and never answer.
 */
export function encode(message: object): string {
  const text = JSON.stringify(message);
  if (!text.includes("\\ud")) return text;
  return text.replace(SURROGATE_ESCAPE, (found) => (found === "\\\\" ? found : "\\ufffd"));
}
