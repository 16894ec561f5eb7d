import type { Thread as ThreadRecord, ThreadTokenUsage } from "../protocol/index.js";
import type { ThreadTools } from "./thread-tools.js";
/** What is known of a thread when it is started, resumed or forked. */
export interface ThreadOpening {
    readonly tools?: ThreadTools | undefined;
    /** The settings to repeat when another process of the server resumes the thread. */
    readonly settings?: object | undefined;
}
/** How a thread is, whatever runs on it: what the user has given it, and what the server has reported of it. */
export declare class ThreadProfile {
    tools: ThreadTools | undefined;
    settings: object;
    isEphemeral: boolean;
    cwd: string | undefined;
    /** The tokens that the thread has used, as last reported. */
    usage: ThreadTokenUsage | undefined;
    opened({ tools, settings }: ThreadOpening): void;
    inform({ ephemeral, cwd }: Partial<ThreadRecord>): void;
    count(usage: unknown): void;
    /** Nothing refers to the thread any more but requests that may never be answered: they keep no more of it. */
    clear(): void;
}
//# sourceMappingURL=thread-profile.d.ts.map