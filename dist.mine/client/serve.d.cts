import { type ExitStatus } from "../errors/errors.cjs";
import { type LaunchOptions } from "../process/launch-options.cjs";
import type { Endpoint } from "../transport/transport.cjs";
import { type ServeAuth } from "./serve-auth.cjs";
export interface ServeOptions extends LaunchOptions {
    /** Where to listen: "ws://127.0.0.1:0" (port 0: any free port) or "unix:///path/to.sock". */
    readonly listen: string;
    /**
     * How clients authenticate. Default on `ws://`: a token generated for this server. `{ token }`
     * sets your own, of at least 16 visible ASCII characters; it should be random, since process
     * lists show its SHA-256. `"none"` lets every user and every program of this machine connect and
     * run commands as you; it is refused for addresses that other machines can reach. A Unix socket
     * has no token: only your user can open its file.
     */
    readonly auth?: ServeAuth | undefined;
    /** How long the server may take to get ready, in milliseconds. Default 30,000. */
    readonly timeoutMs?: number | undefined;
    /** Gives up the start, and ends what was started. */
    readonly signal?: AbortSignal | undefined;
}
/** An app-server that any number of clients can connect to. It ends with `close()`, or with this process. */
export interface ServedAppServer extends AsyncDisposable {
    /** Where it listens: "ws://127.0.0.1:33081", "unix:///path/to.sock". */
    readonly address: string;
    /** The bearer token that it requires, if any. Not shown when the object is printed. */
    readonly token: string | undefined;
    readonly pid: number;
    /** For the option `transport` of a client in this process. */
    endpoint(): Endpoint;
    /** Resolves when the server has ended. */
    readonly exited: Promise<ExitStatus>;
    close(): Promise<void>;
}
/**
 * Starts an app-server that listens, and resolves when it is ready for clients.
 * @throws TypeError for an unknown option, one of the wrong type, or another kind of address;
 *   LaunchError if the server doesn't get ready, or reports another address.
 *
 * @example
 * const server = await Codex.serve({ listen: "ws://127.0.0.1:0" });
 * const codex = new Codex({ transport: server.endpoint() });
 */
export declare function serve(options: ServeOptions): Promise<ServedAppServer>;
//# sourceMappingURL=serve.d.ts.map