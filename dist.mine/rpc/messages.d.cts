import type { RpcErrorBody } from "../errors/rpc-errors.cjs";
import type { TraceContext } from "../util/channels.cjs";
/** Ids are strings or integers; the server counts its own from 0. */
export type RequestId = string | number;
export interface Notification {
    readonly method: string;
    readonly params: unknown;
}
export interface ServerRequest {
    readonly id: RequestId;
    readonly method: string;
    readonly params: unknown;
    /** Whether all numbers of the message were parsed without loss; absent if it isn't known. */
    readonly exactNumbers?: boolean | undefined;
}
export interface Response {
    readonly id: RequestId;
    readonly result?: unknown;
    /** Null, like absent, means that the request succeeded. */
    readonly error?: RpcErrorBody | null;
}
export type Incoming = {
    readonly kind: "notification";
    readonly message: Notification;
} | {
    readonly kind: "request";
    readonly message: ServerRequest;
} | {
    readonly kind: "response";
    readonly message: Response;
    readonly flaw?: string;
} | {
    readonly kind: "malformed";
    readonly why: string;
};
export declare const INTERNAL_ERROR = -32603;
/**
 * Classifies a message by its members. Params and results aren't copied, so unknown members are kept. A response
 * with an id but without a usable outcome becomes a response with an error, since a call may be
 * waiting for it; `flaw` then says what is wrong.
 */
export declare function classify(text: string): Incoming;
/** @throws TypeError if the params can't be written as JSON. */
export declare function encodeRequest(id: RequestId, method: string, params: unknown, trace?: TraceContext): string;
/** @throws TypeError if the params can't be written as JSON. */
export declare function encodeNotification(method: string, params: unknown): string;
/** @throws TypeError if the result can't be written as JSON. */
export declare function encodeResult(id: RequestId, result: unknown): string;
export declare function encodeError(id: RequestId, error: RpcErrorBody): string;
//# sourceMappingURL=messages.d.ts.map