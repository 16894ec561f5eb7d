import { type Part } from "./part.js";
export interface CallOptions {
    /** Id of the call, under which its output is sent back. Default: a new one. */
    readonly callId?: string;
}
export interface FunctionCallOptions extends CallOptions {
    /** Namespace of the tool, if it has one. */
    readonly namespace?: string;
}
export interface CommandOptions extends CallOptions {
    /** Reason for leaving the sandbox. If set, the server asks for approval, where the policy allows that. */
    readonly escalate?: string;
    /** Further arguments of the server's `exec_command` tool, such as `workdir` or `yield_time_ms`. */
    readonly args?: Readonly<Record<string, unknown>>;
}
/** Calls a function tool by name: the server's own, or one of `tools`. A string is sent unchanged, even if it isn't JSON. */
export declare function functionCall(name: string, args?: unknown, { namespace, ...options }?: FunctionCallOptions): Part;
/** Runs a shell command with the server's `exec_command` tool. */
export declare function command(cmd: string, options?: CommandOptions): Part;
/** Edits files with the server's `apply_patch` tool, in its patch format. */
export declare function patch(input: string, options?: CallOptions): Part;
//# sourceMappingURL=calls.d.ts.map