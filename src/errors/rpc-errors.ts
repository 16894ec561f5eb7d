import { quoteForeign } from "../text/secrets.ts";
import { CodexError } from "./errors.ts";

/** The error object of a JSON-RPC response. */
export interface RpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The server lists all 190 methods when one is not known. */
const MAX_QUOTED = 400;

/** The server answered a request with an error. */
export class JsonRpcError extends CodexError {
  override name = "JsonRpcError";
  /** JSON-RPC error code; most errors of this server are -32600 and told apart by message. */
  readonly code: number;
  readonly data: unknown;
  /** The protocol method that was asked. */
  readonly method: string;
  /**
   * The server's whole message, as it came. `message` quotes 400 characters of it, with secrets masked.
   */
  readonly serverMessage: string;

  constructor(method: string, body: RpcErrorBody) {
    super(`${method}: ${quoteForeign(body.message, MAX_QUOTED)} (${body.code})`);
    this.method = method;
    this.code = body.code;
    this.data = body.data;
    this.serverMessage = body.message;
  }
}

/** The server could not parse what it got (-32700). */
export class ParseError extends JsonRpcError {
  override name = "ParseError";
}

/** The server refused the request (-32600): the wrong state, a missing capability, an unknown id. */
export class InvalidRequestError extends JsonRpcError {
  override name = "InvalidRequestError";
}

/** There is no such thread on the server, or no turn has run on it yet (-32600). */
export class ThreadNotFoundError extends InvalidRequestError {
  override name = "ThreadNotFoundError";
}

/** The server does not know the method, or does not support it yet (-32601). */
export class MethodNotFoundError extends JsonRpcError {
  override name = "MethodNotFoundError";
}

/** The server refused the params (-32602): a missing or malformed field, or an input too large. */
export class InvalidParamsError extends JsonRpcError {
  override name = "InvalidParamsError";
}

/** The server failed while it worked on the request (-32603). */
export class InternalRpcError extends JsonRpcError {
  override name = "InternalRpcError";
}

/** The server was overloaded and did not process the request (-32001): it may be sent again. */
export class ServerBusyError extends JsonRpcError {
  override name = "ServerBusyError";
}

/** The server has retried by itself and gave up: not worth another try at once. */
export class RetryLimitExceededError extends ServerBusyError {
  override name = "RetryLimitExceededError";
}

/** The typed error for what the server answered. The server's words are kept in every case. */
export function rpcError(method: string, body: RpcErrorBody): JsonRpcError {
  return new (classOf(body))(method, body);
}

/** Most methods say so with -32600, those of the queue with -32603. */
const NO_SUCH_THREAD = /thread not (?:found|loaded)|no (?:archived )?rollout found for thread/;

function classOf({ code, message, data }: RpcErrorBody): typeof JsonRpcError {
  if (code <= -32000 && code >= -32099) {
    if (/retry limit|too many failed attempts/i.test(message)) return RetryLimitExceededError;
    return code === -32001 || saysOverloaded(data) ? ServerBusyError : JsonRpcError;
  }
  if (NO_SUCH_THREAD.test(message)) return ThreadNotFoundError;
  switch (code) {
    case -32700:
      return ParseError;
    case -32600:
      return classOfInvalidRequest(message);
    case -32601:
      return MethodNotFoundError;
    case -32602:
      return InvalidParamsError;
    case -32603:
      return InternalRpcError;
    default:
      return JsonRpcError;
  }
}

/** Servers of today answer an unknown method and malformed params with -32600 too. */
function classOfInvalidRequest(message: string): typeof JsonRpcError {
  const variant = /unknown variant `([^`]*)`, expected one of `initialize`/.exec(message)?.[1];
  if (variant?.includes("/")) return MethodNotFoundError;
  if (/missing field|unknown variant|invalid type|invalid value|invalid length/.test(message)) {
    return InvalidParamsError;
  }
  return InvalidRequestError;
}

/** So much of an error's data is looked through. */
const MAX_VALUES = 10_000;

/**
 * `serverOverloaded` in today's spelling or the older one, wherever it stands in an error's data,
 * which can be nested to any depth.
 */
export function saysOverloaded(data: unknown): boolean {
  const rest = [data];
  for (let seen = 0; rest.length > 0 && seen < MAX_VALUES; seen++) {
    const value = rest.pop();
    if (value === "serverOverloaded" || value === "server_overloaded") return true;
    if (typeof value !== "object" || value === null) continue;
    for (const [key, member] of Object.entries(value)) rest.push(key, member);
  }
  return false;
}
