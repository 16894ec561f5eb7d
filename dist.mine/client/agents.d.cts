import type { ThreadTokenUsage, TokenUsageBreakdown } from "../protocol/index.cjs";
import type { RequestOptions } from "../thread/thread-server.cjs";
import type { ThreadState } from "../thread/thread-state.cjs";
/** A sub-agent of a thread, which is a thread of its own. */
export interface Agent {
    readonly threadId: string;
    /** Where it stands in the tree, such as "/root/tests". */
    readonly path: string | undefined;
    /** The name that its parent gave it: the end of `path`. */
    readonly name: string | undefined;
    /** The name that the server shows to users. */
    readonly nickname: string | undefined;
    readonly role: string | undefined;
    /** The beginning of what it was asked to do, if the server has written it down. */
    readonly task: string | undefined;
    readonly state: "active" | "idle" | "notLoaded" | "systemError" | "unknown";
    readonly model: string | undefined;
    /** The tokens that it has used, without its own sub-agents, as far as this client has seen. */
    readonly usage: ThreadTokenUsage | undefined;
    readonly agents: readonly Agent[];
}
type Ask = (method: string, params: object, options: RequestOptions) => Promise<unknown>;
/** The sub-agents of a thread as a tree: those that the server has stored, and those seen at work. */
export declare function agentsOf(thread: ThreadState, ask: Ask, options: RequestOptions): Promise<Agent[]>;
/** The tokens that a thread has used, as far as this client has seen; with those of its sub-agents if wanted. */
export declare function usageOf(thread: ThreadState, { withAgents }?: {
    readonly withAgents?: boolean | undefined;
}): TokenUsageBreakdown | undefined;
export {};
//# sourceMappingURL=agents.d.ts.map