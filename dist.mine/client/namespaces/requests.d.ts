import type { PendingRequest } from "../../session/pending-request.js";
import type { OnSettled, PendingRequests } from "../../session/pending-requests.js";
export interface NextRequestOptions {
    /** Waits for this request. */
    readonly id?: string | undefined;
    /** Waits for a request of this thread. */
    readonly threadId?: string | undefined;
    /** How long to wait, in milliseconds; 0 is no limit. Default 0. */
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
}
/**
 * The server's requests that wait for an answer of this program: approvals for which the option
 * `approvals` is or returns "ask", and with `approvals: "ask"` or `{ questions: "ask" }` also
 * questions and elicitations without a handler.
 *
 * @example
 * codex.requests.on("added", ({ title, options }) => console.log(title, options));
 * for (const request of codex.requests.pending) await request.answer("decline");
 */
export declare class Requests implements AsyncIterable<PendingRequest> {
    #private;
    /** Created by the client: `codex.requests`. */
    constructor(pending: PendingRequests);
    /** The requests that wait for an answer, oldest first. */
    get pending(): readonly PendingRequest[];
    /** The pending request with this id. */
    get(id: string): PendingRequest | undefined;
    /**
     * Answers a request with one of its options, and with content if it has a form. The id, option
     * and content may come from another program. Resolves when the answer was sent: while the client
     * reconnects, as soon as the server asks again.
     * @throws UnknownRequestError if no request has this id.
     * @throws RequestSettledError if it was answered already or isn't needed any more.
     * @throws InvalidAnswerError for an unknown option, or content that doesn't fit the form; the
     *   request stays pending.
     */
    answer(id: string, optionId: string, content?: unknown): Promise<void>;
    /**
     * Calls `listener` for each request that becomes pending ("added"), or that no longer waits for an
     * answer ("settled"), with the reason and, if this client has answered it, the option. Dispose of
     * the result to stop.
     */
    on(event: "added", listener: (request: PendingRequest) => void): Disposable;
    on(event: "settled", listener: OnSettled): Disposable;
    /**
     * Resolves with the oldest pending request that the options select, as soon as there is one; with
     * undefined after `timeoutMs`, or when the client was closed.
     */
    next(options?: NextRequestOptions): Promise<PendingRequest | undefined>;
    /** Yields the pending requests, then each that is added, until the client is closed. */
    [Symbol.asyncIterator](): AsyncGenerator<PendingRequest, undefined>;
}
//# sourceMappingURL=requests.d.ts.map