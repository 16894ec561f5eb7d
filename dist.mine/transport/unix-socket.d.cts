import { type MessageLimit } from "./message-limit.cjs";
import type { Endpoint } from "./transport.cjs";
export interface UnixSocketOptions extends MessageLimit {
    /**
     * Allows a socket that belongs to another user, or that others could replace. Default false: the
     * server behind it sees your input and runs commands.
     */
    readonly allowOtherOwner?: boolean | undefined;
}
/**
 * Connects to an app-server that listens on a Unix socket: `--listen unix://PATH`. A lost
 * connection is re-established. The socket, the folders above it and links on the way must belong
 * to the user of this process or to root, and nobody else may be able to replace them.
 * @param path Default: the server's default socket, in CODEX_HOME.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const codex = new Codex({ transport: unixSocket("/run/user/1000/codex.sock") });
 */
export declare function unixSocket(path?: string, options?: UnixSocketOptions): Endpoint;
/** Where `--listen unix://` listens. */
export declare function defaultSocketPath(env?: NodeJS.ProcessEnv): string;
//# sourceMappingURL=unix-socket.d.ts.map