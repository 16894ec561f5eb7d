import type { Codex as NativeCodex } from "../client/codex.js";
import type { CodexOptions, ThreadOptions } from "./options.js";
import { Thread } from "./thread.js";
/**
 * A drop-in for the `Codex` of `@openai/codex-sdk`. All threads run on one server, which the first
 * run starts. There is nothing to close: the server ends with the program.
 *
 * @example
 * const codex = new Codex();
 * const thread = codex.startThread({ workingDirectory: "/srv/project" });
 * const { finalResponse } = await thread.run("Summarise this project.");
 */
export declare class Codex {
    #private;
    /** @throws LaunchError if there is no `codex` program. */
    constructor(options?: CodexOptions);
    /** A new thread. The server creates it with the first run. */
    startThread(options?: ThreadOptions): Thread;
    /** A stored thread, by its id. */
    resumeThread(id: string, options?: ThreadOptions): Thread;
    /** The underlying client, for what this class doesn't have. */
    native(): NativeCodex;
}
//# sourceMappingURL=codex.d.ts.map