import type { JsonSchema } from "../input/schema.cjs";
import type { RequestKind, RequestSection } from "../requests/description.cjs";
import type { ServerRequest } from "../rpc/messages.cjs";
import { type VisibleText } from "../text/visible.cjs";
import type { RequestContext } from "./handlers.cjs";
/** An answer that a pending request allows. */
export interface AnswerOption {
    /** What `answer()` takes, such as "accept", "acceptForSession", "decline" or "cancel". */
    readonly id: string;
    /** What it does, in a few words. */
    readonly label: VisibleText;
    readonly effect: "accept" | "refuse";
    /** What it allows beyond this one request: a lasting rule, a host. */
    readonly grants: readonly RequestSection[];
}
/** A pending request as plain data, which survives JSON. */
export interface PendingRequestData {
    /** Stays the same after a reconnect, and for every program that the server sends the request to. */
    readonly id: string;
    readonly kind: RequestKind;
    readonly threadId?: string | undefined;
    /** The parent of that thread, if it is a sub-agent. */
    readonly parentThreadId?: string | undefined;
    readonly turnId?: string | undefined;
    /** The id of the item that the request is about. */
    readonly entryId?: string | undefined;
    /** As in "Run this command". */
    readonly title: VisibleText;
    /** Exactly what is asked. Show all of it, in this order: the subject comes last. */
    readonly detail: readonly RequestSection[];
    /** In the server's order. "decline" can be answered even if it isn't listed. */
    readonly options: readonly AnswerOption[];
    /**
     * The JSON Schema of the content that an accepting answer has: a form of an MCP server, or one
     * text for each of the agent's questions, by the question's id. Its texts aren't escaped.
     */
    readonly form?: JsonSchema | undefined;
    /** When this client received it, in milliseconds since 1970. */
    readonly arrivedAt: number;
}
/** What a request asks for, and the results that answer it. */
export declare class AskedRequest {
    #private;
    readonly data: PendingRequestData;
    /** About how many characters it holds. */
    readonly chars: number;
    constructor(request: ServerRequest, context: RequestContext);
    /** The result that refuses it. */
    get refusal(): unknown;
    /** The option with this id, as it is shown. */
    optionOf(optionId: unknown): AnswerOption | undefined;
    /** @throws InvalidAnswerError if the request doesn't have the option, or its form doesn't allow the content. */
    resultOf(optionId: unknown, content: unknown): Promise<unknown>;
}
/**
 * The id of a request as data, and about how many characters the request has. The server repeats a
 * request with its own id after a reconnect, and for other clients.
 */
export declare function identityOf({ id, method, params }: ServerRequest): {
    id: string;
    chars: number;
};
//# sourceMappingURL=asked-request.d.ts.map