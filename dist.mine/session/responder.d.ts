import { type Warn } from "../errors/warning.js";
import type { ServerRequest } from "../rpc/messages.js";
import type { ThreadTools } from "../thread/thread-tools.js";
import type { Approvals, Handlers, RequestContext } from "./handlers.js";
import type { PendingRequests } from "./pending-requests.js";
/** The turn that asks, as far as the answer depends on it. */
export interface AskingTurn {
    /** The tools of its thread. */
    readonly tools: ThreadTools | undefined;
    /** Whether another client of the server has started the turn, as far as can be seen. */
    readonly isOthers: boolean;
    /** Resolves if the turn proves to be one of this client's. */
    readonly becomesOurs?: Promise<void> | undefined;
}
export interface ResponderOptions {
    readonly approvals: Approvals | undefined;
    readonly handlers: Handlers;
    /** Where requests wait that the user is to answer. */
    readonly pending: PendingRequests;
    readonly warn: Warn;
}
/**
 * Answers every server request. Approvals are decided by the option `approvals`, whatever handlers
 * there are; without that option by a handler of the approval's own method; otherwise they are
 * declined. All other requests go to handlers, then to tools; questions that remain can be asked
 * of the user.
 */
export declare class Responder {
    #private;
    /** Rules and handlers are copied: what the user changes later has no effect. */
    constructor(options: ResponderOptions);
    /** Whether approvals are decided one by one, also those of other clients' turns. */
    get hasRules(): boolean;
    /**
     * Rejects with the error that the server receives. Does not settle for a request that another
     * client is to answer: it stays open until the server withdraws it, or proves to be this client's.
     */
    answer(request: ServerRequest, context: RequestContext, turn: AskingTurn): Promise<unknown>;
}
//# sourceMappingURL=responder.d.ts.map