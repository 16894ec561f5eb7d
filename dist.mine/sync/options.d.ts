import type { CodexOptions } from "../client/options.js";
/** The same functions, returning results instead of promises. */
export type Synchronous<T> = T extends (...args: infer Args) => infer Result ? (...args: Args) => Exclude<Result, PromiseLike<unknown>> : T extends object ? {
    readonly [Name in keyof T]: Synchronous<T[Name]>;
} : T;
/**
 * The options of `Codex`. Functions must be synchronous: they run in the calling thread while it
 * waits in a call. A `transport` must come from `websocket()`, `unixSocket()` or `proxy()`.
 */
export interface CodexSyncOptions extends Omit<CodexOptions, "approvals" | "handlers"> {
    /** The answers to approval requests. Default: all are declined, with one warning. */
    readonly approvals?: Synchronous<CodexOptions["approvals"]>;
    /** The handlers of the server's requests, by method. */
    readonly handlers?: Synchronous<CodexOptions["handlers"]>;
}
//# sourceMappingURL=options.d.ts.map