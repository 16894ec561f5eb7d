import type { CodexOptions } from "../client/options.ts";

/** The same functions, which give their results at once and no promise of them. */
export type Synchronous<T> = T extends (...args: infer Args) => infer Result
  ? (...args: Args) => Exclude<Result, PromiseLike<unknown>>
  : T extends object
    ? { readonly [Name in keyof T]: Synchronous<T[Name]> }
    : T;

/**
 * The options of `Codex`, with functions that are synchronous: they are run in the calling thread
 * while it waits in a call. A `transport` is made by `websocket()`, `unixSocket()` or `proxy()`.
 */
export interface CodexSyncOptions extends Omit<CodexOptions, "approvals" | "handlers"> {
  /** What approvals are answered with. Default: all are declined, and a warning says so once. */
  readonly approvals?: Synchronous<CodexOptions["approvals"]>;
  /** Answers to the server's requests, by method. */
  readonly handlers?: Synchronous<CodexOptions["handlers"]>;
}
