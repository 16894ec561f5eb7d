import type { PendingRequestData } from "./asked-request.js";
/** What a pending request shows. `JSON.stringify` turns it into plain data. */
export declare class RequestFields implements PendingRequestData {
    #private;
    readonly id: PendingRequestData["id"];
    readonly kind: PendingRequestData["kind"];
    readonly threadId: PendingRequestData["threadId"];
    readonly parentThreadId: PendingRequestData["parentThreadId"];
    readonly turnId: PendingRequestData["turnId"];
    readonly entryId: PendingRequestData["entryId"];
    readonly title: PendingRequestData["title"];
    readonly detail: PendingRequestData["detail"];
    readonly options: PendingRequestData["options"];
    readonly form: PendingRequestData["form"];
    readonly arrivedAt: PendingRequestData["arrivedAt"];
    constructor(data: PendingRequestData);
    toJSON(): PendingRequestData;
}
/** A request of the server that waits for an answer. `JSON.stringify` turns it into plain data. */
export declare class PendingRequest extends RequestFields {
    #private;
    /** Created by the client. */
    constructor(data: PendingRequestData, answer: (optionId: string, content: unknown) => Promise<void>);
    /**
     * Answers the request with one of its options, and with content if it has a form. See
     * `codex.requests.answer`.
     * @throws RequestSettledError if it was answered already or isn't needed any more.
     * @throws InvalidAnswerError for an unknown option, or content that doesn't fit the form; the
     *   request stays pending.
     */
    answer(optionId: string, content?: unknown): Promise<void>;
}
//# sourceMappingURL=pending-request.d.ts.map