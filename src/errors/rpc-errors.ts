import { quoteForeign } from "../text/secrets.ts";
import type { ErrorCode } from "./codes.ts";
import { CodexError } from "./errors.ts";

/** The error object of a JSON-RPC response. */
export interface RpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** How much of the server's message is quoted: for an unknown method, it lists all 190 methods. */
const MAX_QUOTED = 400;

/** The server answered a request with an error. */
export class JsonRpcError extends CodexError {
  override name = "JsonRpcError";
  override readonly code: ErrorCode = "RPC_ERROR";
  /** The number in the response. The app-server uses -32600 for most errors, which differ only in the message. */
  readonly rpcCode: number;
  readonly data: unknown;
  /** The method of the request. */
  readonly method: string;
  /** The server's whole message, unchanged. `message` quotes up to 400 characters of it, with secrets masked. */
  readonly serverMessage: string;

  constructor(method: string, body: RpcErrorBody) {
    super(`${method}: ${quoteForeign(body.message, MAX_QUOTED)} (${body.code})`);
    this.method = method;
    this.rpcCode = body.code;
    this.data = body.data;
    this.serverMessage = body.message;
  }
}

/** The server couldn't parse the message (-32700). */
export class ParseError extends JsonRpcError {
  override name = "ParseError";
  override readonly code = "PARSE_ERROR";
}

/** The server refused the request (-32600): the wrong state, a missing capability, an unknown id. */
export class InvalidRequestError extends JsonRpcError {
  override name = "InvalidRequestError";
  override readonly code: ErrorCode = "INVALID_REQUEST";
}

/** The thread doesn't exist on the server, or hasn't run a turn yet (-32600). */
export class ThreadNotFoundError extends InvalidRequestError {
  override name = "ThreadNotFoundError";
  override readonly code = "THREAD_NOT_FOUND";
}

/** The server doesn't know the method, or doesn't support it yet (-32601). */
export class MethodNotFoundError extends JsonRpcError {
  override name = "MethodNotFoundError";
  override readonly code = "METHOD_NOT_FOUND";
}

/** The server refused the params (-32602): a missing or malformed field, or an input too large. */
export class InvalidParamsError extends JsonRpcError {
  override name = "InvalidParamsError";
  override readonly code = "INVALID_PARAMS";
}

/** The server failed while processing the request (-32603). */
export class InternalRpcError extends JsonRpcError {
  override name = "InternalRpcError";
  override readonly code = "INTERNAL_ERROR";
}

/** The server was overloaded and didn't process the request (-32001). The request can be sent again. */
export class ServerBusyError extends JsonRpcError {
  override name = "ServerBusyError";
  override readonly code: ErrorCode = "SERVER_BUSY";
}

/** The server has already retried and given up: retrying immediately is pointless. */
export class RetryLimitExceededError extends ServerBusyError {
  override name = "RetryLimitExceededError";
  override readonly code = "RETRY_LIMIT_EXCEEDED";
}

/** The typed error for an error response. */
export function rpcError(method: string, body: RpcErrorBody): JsonRpcError {
  return new (classOf(body))(method, body);
}

/** What the server answers for an unknown thread: most methods with -32600, the queue's methods with -32603. */
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

/** The class for an error with the code -32600, which current servers also use for unknown methods and malformed params. */
function classOfInvalidRequest(message: string): typeof JsonRpcError {
  const variant = /unknown variant `([^`]*)`, expected one of `initialize`/.exec(message)?.[1];
  if (variant?.includes("/")) return MethodNotFoundError;
  if (/missing field|unknown variant|invalid type|invalid value|invalid length/.test(message)) {
    return InvalidParamsError;
  }
  return InvalidRequestError;
}

/** How many values of an error's data are searched. */
const MAX_VALUES = 10_000;

/**
 * Whether an error's data, which can be nested to any depth, contains `serverOverloaded`, in the
 * current or the older spelling.
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
