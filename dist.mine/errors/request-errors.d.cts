import { CodexError } from "./errors.cjs";
import type { OutputIssue } from "./output-issue.cjs";
/** Why a request of the server no longer waits for an answer. */
export type SettledReason = 
/** This client has answered it. */
"answered"
/** The server doesn't need the answer any more: another client gave one, for example. */
 | "withdrawn"
/** Its turn has ended. */
 | "turnEnded"
/** The client was closed, or the server's process has ended. */
 | "connectionLost";
/** The request no longer waits for an answer: it was answered already, or isn't needed any more. */
export declare class RequestSettledError extends CodexError {
    name: string;
    readonly code = "REQUEST_SETTLED";
    readonly requestId: string;
    readonly reason: SettledReason;
    constructor(requestId: string, reason: SettledReason);
}
/** No pending request has this id. */
export declare class UnknownRequestError extends CodexError {
    name: string;
    readonly code = "UNKNOWN_REQUEST";
    readonly requestId: string;
    constructor(requestId: string);
}
/** An answer that its request doesn't allow. The request stays pending. */
export declare class InvalidAnswerError extends CodexError {
    name: string;
    readonly code = "INVALID_ANSWER";
    readonly requestId: string;
    /** What is wrong with the content; empty if the option is what is wrong. */
    readonly issues: readonly OutputIssue[];
    constructor(requestId: string, what: string, issues?: readonly OutputIssue[]);
}
//# sourceMappingURL=request-errors.d.ts.map