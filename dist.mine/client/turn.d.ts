import { RequestTimeoutError } from "../errors/errors.js";
import type { Input } from "../input/input.js";
import type { PreparedOutput } from "../input/output-schema.js";
import type { TurnInterruptResponse, TurnSteerResponse } from "../protocol/index.js";
import type { PendingRequests } from "../session/pending-requests.js";
import { type InterruptOptions } from "../thread/stop-turn.js";
import type { RequestOptions } from "../thread/thread-server.js";
import type { ThreadState } from "../thread/thread-state.js";
import { TurnResult } from "../turn/result.js";
import type { TurnRecord } from "../turn/turn-record.js";
import type { LocalFiles } from "./local-files.js";
import type { Notification } from "./notifications.js";
import { TurnRequests } from "./turn-requests.js";
export interface WaitOptions {
    /**
     * Aborting interrupts the turn on the server; the call rejects with a `TurnAbortedError`, or with
     * the signal's reason if the turn hadn't started.
     */
    readonly signal?: AbortSignal | undefined;
    /**
     * Interrupts the turn if it hasn't ended in time; the call rejects with a `TurnTimeoutError`, or
     * with another `RequestTimeoutError` if the turn hadn't started. In milliseconds; default none.
     */
    readonly timeoutMs?: number | undefined;
}
/** What a turn needs from its client; not public. */
export interface TurnInternals<Output> {
    readonly thread: ThreadState;
    readonly record: TurnRecord;
    readonly output: PreparedOutput<Output> | undefined;
    readonly files: LocalFiles;
    readonly pending: PendingRequests;
}
/** The requests that a turn and its sub-agents wait for. */
export declare let requestsOf: (turn: Turn<unknown>) => TurnRequests;
/**
 * One turn: the agent's work on one input. It runs whether or not you read it, and is recorded from
 * its start: you can call `run()` and `stream()` before, during and after it, as often as you like.
 */
export declare class Turn<Output = unknown> {
    #private;
    readonly id: string;
    readonly threadId: string;
    /**
     * Created by `Thread.turn`.
     * @internal
     */
    constructor(internals: TurnInternals<Output>);
    /**
     * Yields the turn's notifications, from the first up to and including `turn/completed`. Each call
     * yields all of them, with these exceptions. Deltas that arrive faster than they are read are
     * joined; none is lost. Of notifications that each contain a whole state, such as
     * `turn/diff/updated`, a late or slow reader gets only the newest. After a lost connection, the
     * rest of an interrupted text arrives as one delta when its item completes; if the completed
     * text doesn't continue the earlier deltas, no delta is added, and `item/completed` has the text.
     * Leaving the loop doesn't stop the turn; aborting the signal does.
     * @throws TransportClosedError if the connection ends before the turn.
     * @throws TurnTimeoutError after `timeoutMs`, TurnAbortedError if the signal aborts: both have the
     *   partial `result`.
     *
     * @example
     * for await (const { method, params } of turn.stream()) {
     *   if (method === "item/agentMessage/delta") process.stdout.write(params.delta);
     * }
     */
    stream(options?: WaitOptions): AsyncGenerator<Notification, undefined>;
    /** Yields only the text of the assistant's messages, as it arrives. Options and errors are those of `stream`. */
    textStream(options?: WaitOptions): AsyncGenerator<string, undefined>;
    /**
     * Waits for the turn to end, and resolves with its result whether it completed, failed or was
     * interrupted; see `TurnResult.throwIfFailed`.
     * @throws OutputValidationError if the answer doesn't match the turn's `outputSchema`.
     * @throws TransportClosedError if the connection ends before the turn.
     * @throws TurnTimeoutError after `timeoutMs`, TurnAbortedError if the signal aborts: both have the
     *   partial `result`.
     */
    run(options?: WaitOptions): Promise<TurnResult<Output>>;
    /**
     * Adds input to the running turn: `turn/steer`.
     * @throws CodexError if the turn has ended.
     */
    steer(input: Input, options?: RequestOptions): Promise<TurnSteerResponse>;
    /**
     * Stops the turn, the commands that it runs and its sub-agents: `turn/interrupt`,
     * `thread/backgroundTerminals/terminate`. Resolves at once if the turn has ended. The server
     * can't stop what a tool has begun; tools of this program are notified by their `signal`.
     */
    interrupt(options?: InterruptOptions): Promise<TurnInterruptResponse>;
}
export declare function turnTimeUp(timeoutMs: number): RequestTimeoutError;
//# sourceMappingURL=turn.d.ts.map