import type { ErrorCode } from "./codes.cjs";
import { CodexError } from "./errors.cjs";
/** The error object of a JSON-RPC response. */
export interface RpcErrorBody {
    readonly code: number;
    readonly message: string;
    readonly data?: unknown;
}
/** The server answered a request with an error. */
export declare class JsonRpcError extends CodexError {
    name: string;
    readonly code: ErrorCode;
    /** The number in the response. This server uses -32600 for most errors, which differ only in the message. */
    readonly rpcCode: number;
    readonly data: unknown;
    /** The method of the request. */
    readonly method: string;
    /** The server's whole message, unchanged. `message` quotes up to 400 characters of it, with secrets masked. */
    readonly serverMessage: string;
    constructor(method: string, body: RpcErrorBody);
}
/** The server couldn't parse the message (-32700). */
export declare class ParseError extends JsonRpcError {
    name: string;
    readonly code = "PARSE_ERROR";
}
/** The server refused the request (-32600): the wrong state, a missing capability, an unknown id. */
export declare class InvalidRequestError extends JsonRpcError {
    name: string;
    readonly code: ErrorCode;
}
/** The thread doesn't exist on the server, or hasn't run a turn yet (-32600). */
export declare class ThreadNotFoundError extends InvalidRequestError {
    name: string;
    readonly code = "THREAD_NOT_FOUND";
}
/** The server doesn't know the method, or doesn't support it yet (-32601). */
export declare class MethodNotFoundError extends JsonRpcError {
    name: string;
    readonly code = "METHOD_NOT_FOUND";
}
/** The server refused the params (-32602): a missing or malformed field, or an input too large. */
export declare class InvalidParamsError extends JsonRpcError {
    name: string;
    readonly code = "INVALID_PARAMS";
}
/** The server failed while processing the request (-32603). */
export declare class InternalRpcError extends JsonRpcError {
    name: string;
    readonly code = "INTERNAL_ERROR";
}
/** The server was overloaded and didn't process the request (-32001): it can be sent again. */
export declare class ServerBusyError extends JsonRpcError {
    name: string;
    readonly code: ErrorCode;
}
/** The server has already retried and gave up: retrying at once is pointless. */
export declare class RetryLimitExceededError extends ServerBusyError {
    name: string;
    readonly code = "RETRY_LIMIT_EXCEEDED";
}
/** The typed error for an error response. */
export declare function rpcError(method: string, body: RpcErrorBody): JsonRpcError;
/**
 * Whether an error's data, which can be nested to any depth, contains `serverOverloaded`, in the
 * current or the older spelling.
 */
export declare function saysOverloaded(data: unknown): boolean;
//# sourceMappingURL=rpc-errors.d.ts.map