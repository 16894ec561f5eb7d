import { type MessageLimit } from "./message-limit.cjs";
import type { Endpoint } from "./transport.cjs";
export interface WebSocketOptions extends MessageLimit {
    /** Sent as `Authorization: Bearer …`. */
    readonly token?: string | undefined;
    /** Returns the token, for tokens that expire. Called at every connect, including reconnects. */
    readonly tokenProvider?: (() => string | Promise<string>) | undefined;
    /** Additional headers of the handshake. The server refuses connections with an `Origin`. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /**
     * Allows sending credentials to another machine unencrypted: the token, headers such as
     * `Authorization` and `Cookie`, user and password in the URL, tokens in its query. Default false.
     */
    readonly allowInsecureToken?: boolean | undefined;
}
/**
 * Connects to an app-server that listens on `ws://` or `wss://`. A lost connection is
 * re-established.
 * @throws TypeError for another kind of URL, an unknown option or one of the wrong type, two
 *   sources of the token, and credentials that would be sent over a network unencrypted.
 *
 * @example
 * const codex = new Codex({ transport: websocket("ws://127.0.0.1:4500", { token }) });
 */
export declare function websocket(url: string | URL, options?: WebSocketOptions): Endpoint;
//# sourceMappingURL=websocket.d.ts.map