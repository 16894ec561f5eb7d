import { CodexError, RequestTimeoutError } from "../errors/errors.cjs";
import type { TurnError } from "../protocol/index.cjs";
import { TurnResult } from "./result.cjs";
import type { TurnRecord } from "./turn-record.cjs";
/** In place of the method in a `RequestTimeoutError`: the time limit of a whole turn. */
export declare const WHOLE_TURN = "turn";
/** The turn didn't end within `timeoutMs`, and was interrupted. */
export declare class TurnTimeoutError extends RequestTimeoutError {
    name: string;
    readonly code = "TURN_TIMEOUT";
    readonly threadId: string;
    readonly turnId: string;
    /** What the turn had brought by then: items, usage, and the text that was streamed so far. */
    readonly result: TurnResult;
    /** `retrying` is what the server last reported, if it couldn't reach the model. */
    constructor(result: TurnResult, timeoutMs: number, retrying: TurnError | undefined);
}
/** The caller's signal aborted while the turn ran, and the turn was interrupted. `cause` is the signal's reason. */
export declare class TurnAbortedError extends CodexError {
    name: string;
    readonly code = "TURN_ABORTED";
    readonly threadId: string;
    readonly turnId: string;
    /** What the turn had brought by then: items, usage, and the text that was streamed so far. */
    readonly result: TurnResult;
    constructor(result: TurnResult, reason: unknown);
}
/** The error for those who wait for a turn that is given up, because of this reason of an abort. */
export declare function givenUp(record: TurnRecord, reason: unknown): TurnTimeoutError | TurnAbortedError;
//# sourceMappingURL=unfinished-errors.d.ts.map