import type { IncomingHttpHeaders } from "node:http";
/** An item of a request's input, as the server sent it. */
export interface InputItem {
    readonly type: string;
    readonly [field: string]: unknown;
}
/** How a request ended: its reply was sent, or the client disconnected first. */
export type RequestEnd = "answered" | "aborted";
/** A request to the scripted model. */
export declare class ModelRequest {
    /** Its index in `model.requests`. */
    readonly index: number;
    readonly headers: IncomingHttpHeaders;
    /** The request's JSON. */
    readonly body: Readonly<Record<string, unknown>>;
    /** Aborts if the client disconnects before the reply is sent, for example because of an interrupt. */
    readonly signal: AbortSignal;
    /** Resolves when nothing more will be sent. */
    readonly ended: Promise<RequestEnd>;
    constructor(fields: Pick<ModelRequest, "index" | "headers" | "body" | "signal" | "ended">);
    /** The conversation so far, oldest first. */
    get input(): readonly InputItem[];
    /** The text of the last user message; empty if there is none. */
    get userText(): string;
    /** The text outputs of the calls in the conversation, by call id, in order. */
    get outputs(): ReadonlyMap<string, string>;
    /** The output of the last call; undefined if the request doesn't follow a call. */
    get lastOutput(): string | undefined;
    /** The names of the tools offered to the model. */
    get tools(): readonly string[];
}
//# sourceMappingURL=model-request.d.ts.map