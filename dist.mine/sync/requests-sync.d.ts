import type { NextRequestOptions, Requests } from "../client/namespaces/requests.js";
import type { SettledReason } from "../errors/request-errors.js";
import type { AnswerOption, PendingRequestData } from "../session/asked-request.js";
import { type PendingRequest, RequestFields } from "../session/pending-request.js";
import type { Blocking } from "./blocking.js";
import type { RemoteObject } from "./remote-object.js";
import type { Subscriptions } from "./subscriptions.js";
type Mirrors = {
    thread: never;
    turn: never;
    requests: never;
    request: PendingRequestSync;
};
type OnSettled = (request: PendingRequestSync, reason: SettledReason, option: AnswerOption | undefined) => void;
/** A `PendingRequest` whose answer blocks until it was sent. */
export declare class PendingRequestSync extends RequestFields implements Blocking<PendingRequest, Mirrors> {
    #private;
    /** Created by `CodexSync.requests`. */
    constructor(data: PendingRequestData, remote: RemoteObject);
    /** Answers the request. See `PendingRequest.answer`. */
    answer(optionId: string, content?: unknown): void;
}
/** The server's requests that wait for an answer of this program. See `Requests`. */
export declare class RequestsSync implements Blocking<Requests, Mirrors, "on" | typeof Symbol.asyncIterator>, Iterable<PendingRequestSync> {
    #private;
    /** Created by the client: `CodexSync.requests`. `remote` is the client. */
    constructor(remote: RemoteObject, subscriptions: Subscriptions);
    /** The requests that wait for an answer, oldest first. */
    get pending(): readonly PendingRequestSync[];
    /** The pending request with this id. */
    get(id: string): PendingRequestSync | undefined;
    /** Answers a request by its id. See `Requests.answer`. */
    answer(id: string, optionId: string, content?: unknown): void;
    /**
     * Calls `listener` for each request that becomes pending ("added") or is settled ("settled"),
     * while a call waits. Dispose of the result to stop.
     */
    on(event: "added", listener: (request: PendingRequestSync) => void): Disposable;
    on(event: "settled", listener: OnSettled): Disposable;
    /** Waits for a pending request; undefined after `timeoutMs`. See `Requests.next`. */
    next(options?: NextRequestOptions): PendingRequestSync | undefined;
    /** Iterates over the pending requests, then each that is added, until the client is closed. */
    [Symbol.iterator](): Generator<PendingRequestSync, undefined>;
}
export {};
//# sourceMappingURL=requests-sync.d.ts.map