import type { CodexError } from "../errors/errors.js";
import { type SettledReason } from "../errors/request-errors.js";
import { type Warn } from "../errors/warning.js";
import type { ServerRequest } from "../rpc/messages.js";
import { type AnswerOption } from "./asked-request.js";
import type { RequestContext } from "./handlers.js";
import { PendingRequest } from "./pending-request.js";
/** `option`: what this client has answered. */
export type OnSettled = (request: PendingRequest, reason: SettledReason, option: AnswerOption | undefined) => void;
/** The server's requests that wait for an answer of the user: each is settled once. */
export declare class PendingRequests {
    #private;
    constructor(warn: Warn);
    /** Calls `listener` with each request of the server that becomes pending, before anybody else learns of it. */
    onAsked(listener: (request: ServerRequest) => void): void;
    /** Oldest first. */
    get all(): readonly PendingRequest[];
    get(id: string): PendingRequest | undefined;
    /** The pending requests of each thread. */
    byThread(): ReadonlyMap<string, readonly ServerRequest[]>;
    onAdded(listener: (request: PendingRequest) => void): Disposable;
    onSettled(listener: OnSettled): Disposable;
    /** Keeps a request pending. Resolves with the result to send: a refusal if it is settled unanswered. */
    ask(serverRequest: ServerRequest, context: RequestContext): Promise<unknown>;
    /** @throws UnknownRequestError, RequestSettledError, InvalidAnswerError. */
    answer(id: string, optionId: unknown, content: unknown): Promise<void>;
    /** Answers to these wait until they are confirmed: it isn't known whether the server still asks. */
    hold(serverRequests: readonly ServerRequest[]): void;
    /** The server asks this, perhaps not for the first time. */
    confirm(serverRequest: ServerRequest): void;
    /** The oldest one that fits, now or later; undefined once the client was closed. */
    first(fits: (request: PendingRequest) => boolean, signal: AbortSignal | undefined): Promise<PendingRequest | undefined>;
    /** Those that are pending, then each that is added, unless it is settled before it is read. */
    read(): AsyncGenerator<PendingRequest, undefined>;
    /** No more will come: the client was closed, or has ended with this error. */
    end(error: CodexError | undefined): void;
}
//# sourceMappingURL=pending-requests.d.ts.map