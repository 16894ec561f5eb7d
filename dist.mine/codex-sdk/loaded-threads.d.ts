import type { Codex as Client } from "../client/codex.js";
import type { Thread as NativeThread } from "../client/thread.js";
import { type Opening } from "./opening.js";
import type { ThreadSettings } from "./thread-settings.js";
/** A loaded thread for one run; no other run of this client uses it until `release` is called. */
export interface Lease {
    readonly thread: NativeThread;
    /** The sandbox for the turn. */
    readonly sandbox: Opening["sandbox"];
    release(): void;
}
/**
 * The threads that a server has loaded. A run has its thread for itself. A loaded thread is used
 * again by runs with the same settings; for others it is loaded again, as the server doesn't change
 * the settings of a loaded thread.
 */
export declare class LoadedThreads {
    #private;
    constructor(client: Client);
    start(settings: ThreadSettings, threadSource: string, signal: AbortSignal | undefined): Promise<Lease>;
    resume(id: string, settings: ThreadSettings, signal: AbortSignal | undefined): Promise<Lease>;
    /** Keeps the thread loaded. */
    pin(id: string): void;
    /** What is loaded may be out of date: the next run of the thread loads it again. */
    forget(id: string): void;
}
//# sourceMappingURL=loaded-threads.d.ts.map