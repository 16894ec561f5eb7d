import type { TurnError } from "../protocol/index.js";
import type { ErrorCode } from "./codes.js";
/**
 * Base class of every error of this package, except a `TypeError` or `RangeError` for a wrong
 * argument, and the reason of a signal that aborts anything but a running turn, which is rethrown as
 * it is. Secrets in the message are masked as far as they are recognised, and characters that a
 * screen would hide are escaped.
 */
export declare class CodexError extends Error {
    name: string;
    /** The kind of error, for programs: it doesn't change with the message. */
    readonly code: ErrorCode;
    constructor(message?: string, options?: ErrorOptions);
}
/** How a server process ended: either `code` or `signal` is null. */
export interface ExitStatus {
    readonly code: number | null;
    readonly signal: string | null;
}
/** The connection to the app-server has ended for good, or the client was closed. */
export declare class TransportClosedError extends CodexError {
    name: string;
    readonly code = "TRANSPORT_CLOSED";
    /** Exit code of the server process; null if a signal ended it, undefined if this client didn't start it. */
    readonly exitCode: number | null | undefined;
    /** Signal that ended the server process, if one did. */
    readonly signal: string | null | undefined;
    /** The last lines that the server wrote to stderr, oldest first. */
    readonly stderr: readonly string[];
    constructor(message: string, details?: {
        exit?: ExitStatus | undefined;
        stderr?: readonly string[];
        cause?: unknown;
    });
}
/** The server couldn't be found or started, or the handshake failed. */
export declare class LaunchError extends CodexError {
    name: string;
    readonly code = "LAUNCH_FAILED";
    /** The last lines that the server wrote to stderr, oldest first. */
    readonly stderr: readonly string[];
    constructor(message: string, details?: {
        stderr?: readonly string[];
        cause?: unknown;
    });
}
/** A login that the user completes in a browser failed, timed out or was cancelled. */
export declare class LoginError extends CodexError {
    name: string;
    readonly code = "LOGIN_FAILED";
    constructor(why: string);
}
/** A request wasn't answered in time, or a turn didn't start or end. The server may or may not have carried it out. */
export declare class RequestTimeoutError extends CodexError {
    name: string;
    readonly code: ErrorCode;
    /** The method of the request, or "turn" for a whole turn. */
    readonly method: string;
    /** In milliseconds. */
    readonly timeoutMs: number;
    constructor(method: string, timeoutMs: number, message?: string);
}
/**
 * The connection was lost after this request was sent: the server may or may not have carried it
 * out. Requests that can be repeated safely are sent again first.
 */
export declare class OutcomeUnknownError extends CodexError {
    name: string;
    readonly code = "OUTCOME_UNKNOWN";
    /** The method of the request. */
    readonly method: string;
    constructor(method: string, cause: Error);
}
/** The server no longer knows the turn, or no longer answers, so that its result can't be determined. */
export declare class TurnLostError extends CodexError {
    name: string;
    readonly code = "TURN_LOST";
    readonly threadId: string;
    readonly turnId: string;
    constructor(turn: {
        threadId: string;
        turnId: string;
    }, why: string, options?: ErrorOptions);
}
/**
 * The turn ended without answering the message that started it: the server had merged the message
 * into a turn that something else started. `thread.run()` sends it again itself.
 */
export declare class MessageUnansweredError extends CodexError {
    name: string;
    readonly code = "MESSAGE_UNANSWERED";
    readonly threadId: string;
    readonly turnId: string;
    constructor(turn: {
        threadId: string;
        turnId: string;
    }, why: string);
}
/** The server couldn't reach the model for `modelRetryMs`. The turn was interrupted. */
export declare class ModelUnreachableError extends CodexError {
    name: string;
    readonly code = "MODEL_UNREACHABLE";
    readonly threadId: string;
    readonly turnId: string;
    /** In milliseconds. */
    readonly modelRetryMs: number;
    /** What the server last reported. */
    readonly error: TurnError;
    constructor(turn: {
        threadId: string;
        turnId: string;
    }, modelRetryMs: number, error: TurnError);
}
/** An input that can't be sent: empty, too large, or naming a file that doesn't exist or can't be used. */
export declare class InvalidInputError extends CodexError {
    name: string;
    readonly code = "INVALID_INPUT";
}
/** A schema that the model endpoint would refuse, or that can't be converted to JSON Schema. */
export declare class InvalidSchemaError extends CodexError {
    name: string;
    readonly code = "INVALID_SCHEMA";
    /** The place in the JSON Schema, as a JSON pointer; "" is the root. */
    readonly path: string;
    constructor(message: string, path: string, options?: ErrorOptions);
}
//# sourceMappingURL=errors.d.ts.map