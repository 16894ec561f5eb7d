import type { Readable } from "node:stream";
import { type Check } from "../util/checks.cjs";
/** Limits what a server may send. */
export interface MessageLimit {
    /**
     * The largest message accepted, in bytes; a larger one ends the connection. Default 256 MiB, at
     * most 511 MiB. Until the server has answered `initialize`, it can send 1 MiB in all.
     */
    readonly maxMessageBytes?: number | undefined;
}
export declare const DEFAULT_MAX_MESSAGE_BYTES: number;
export declare const messageBytes: Check;
/** A handshake needs far less. */
export declare const MAX_HANDSHAKE_BYTES: number;
/**
 * Counts the bytes of a stream, including incomplete messages, until the handshake is over, and
 * calls `exceeded` once if they are too many. Returns a function that stops counting.
 */
export declare function watchHandshake(stream: Readable, exceeded: () => void): () => void;
export declare function tooLarge(name: string, maxBytes: number): string;
export declare function tooMuchTooEarly(name: string): string;
//# sourceMappingURL=message-limit.d.ts.map