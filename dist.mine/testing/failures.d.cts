import { HttpFailure } from "./http-failure.cjs";
import type { Part } from "./part.cjs";
/** Failures of the model that the server distinguishes, named after its `codexErrorInfo` if it has one. */
export interface Failure {
    /**
     * Answers with an HTTP status instead of a stream. The body is sent as JSON, a string unchanged;
     * the default is an error object. The server treats 500 as `internalServerError`, 429 as
     * `responseTooManyFailedAttempts`, 400 as `other`, and most others as `httpConnectionFailed`.
     */
    (status: number, body?: unknown, headers?: Readonly<Record<string, string>>): HttpFailure;
    /** Ends the stream with `response.failed` and this error; can follow other parts of a reply. */
    event(code: string, message?: string): Part;
    serverOverloaded(): HttpFailure;
    /** `resetsAt` is in seconds since 1970; the server puts it into its message. */
    usageLimitExceeded(resetsAt?: number): HttpFailure;
    rateLimitExceeded(): Part;
    contextWindowExceeded(): Part;
    cyberPolicy(): Part;
}
export declare const failure: Failure;
/** Ends the stream with `response.incomplete`; the turn fails. */
export declare function incomplete(reason?: string): Part;
/** Closes the connection in the middle of the stream, after the parts before it were sent. */
export declare function cut(): Part;
/** Ends the stream without `response.completed`. */
export declare function unfinished(): Part;
/** Sends an event whose data isn't JSON, which the current server skips. The reply continues after it. */
export declare function malformed(data?: string): Part;
/**
 * A failure of the script, not of the model that it simulates. It is the kind of failure whose
 * message the server copies into the turn's error, without retrying.
 */
export declare function brokenScript(message: string): Part;
export declare function errorBody(code: string, message: string): object;
//# sourceMappingURL=failures.d.ts.map