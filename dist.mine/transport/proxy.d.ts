import { type LaunchOptions } from "../process/launch-options.js";
import { type MessageLimit } from "./message-limit.js";
import type { Endpoint } from "./transport.js";
export interface ProxyOptions extends Omit<LaunchOptions, "config" | "configOverrides">, MessageLimit {
    /** The Unix socket of the server. Default: the server's default socket, in CODEX_HOME. */
    readonly sock?: string | undefined;
}
/**
 * Connects to an app-server on a Unix socket through the process `codex app-server proxy`, for
 * cases in which that process can reach the socket and this one can't. The owner of the socket
 * isn't checked.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const codex = new Codex({ transport: proxy({ sock: "/run/codex.sock" }) });
 */
export declare function proxy(options?: ProxyOptions): Endpoint;
//# sourceMappingURL=proxy.d.ts.map