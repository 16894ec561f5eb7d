import type { RequestOptions } from "../thread/thread-server.cjs";
import type { RequestArguments, RequestMethod, ResultOf } from "./types.cjs";
/** Sends one method's request. */
type Call<M extends string> = (...args: RequestArguments<M, RequestOptions>) => Promise<ResultOf<M>>;
/** The next words of the methods that begin with `Prefix`. */
type WordsAfter<Prefix extends string> = RequestMethod extends infer M ? M extends `${Prefix}${infer Rest}` ? Rest extends `${infer Word}/${string}` ? Word : Rest : never : never;
type Node<Prefix extends string> = {
    readonly [Word in WordsAfter<Prefix>]: (`${Prefix}${Word}` extends RequestMethod ? Call<`${Prefix}${Word}`> : unknown) & Node<`${Prefix}${Word}/`>;
};
/**
 * Every request of the protocol as a function: the method `thread/goal/set` is
 * `codex.api.thread.goal.set(params, options)`.
 */
export type Api = Omit<Node<"">, "initialize">;
type Send = (method: string, params: unknown, options?: RequestOptions) => Promise<unknown>;
/** The functions are made when they are named: no list of methods is kept at run time. */
export declare function apiOf(send: Send): Api;
export {};
//# sourceMappingURL=api.d.ts.map