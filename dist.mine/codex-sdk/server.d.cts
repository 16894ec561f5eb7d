import { Codex as Client } from "../client/codex.cjs";
import { LoadedThreads } from "./loaded-threads.cjs";
import type { CodexOptions } from "./options.cjs";
/** A client with a server, and the threads that the server has loaded. */
export interface RunningServer {
    readonly client: Client;
    readonly threads: LoadedThreads;
}
/** The one server of a `Codex`: it starts with the first run, and another replaces one that died. */
export declare class Server {
    #private;
    constructor(options: CodexOptions);
    get codexPath(): string | undefined;
    /** @throws Error for options that can't be passed to the server. */
    get running(): RunningServer;
}
//# sourceMappingURL=server.d.ts.map