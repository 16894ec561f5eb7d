import type { RequestOptions } from "../thread/thread-server.ts";
import type { RequestArguments, RequestMethod, ResultOf } from "./types.ts";

/** Sends one method's request. */
type Call<M extends string> = (
  ...args: RequestArguments<M, RequestOptions>
) => Promise<ResultOf<M>>;

/** The next words of the methods that start with `Prefix`. */
type WordsAfter<Prefix extends string> = RequestMethod extends infer M
  ? M extends `${Prefix}${infer Rest}`
    ? Rest extends `${infer Word}/${string}`
      ? Word
      : Rest
    : never
  : never;

type Node<Prefix extends string> = {
  readonly [Word in WordsAfter<Prefix>]: (`${Prefix}${Word}` extends RequestMethod
    ? Call<`${Prefix}${Word}`>
    : unknown) &
    Node<`${Prefix}${Word}/`>;
};

/**
 * Every request of the protocol as a function: the `thread/goal/set` method is
 * `codex.api.thread.goal.set(params, options)`.
 */
export type Api = Omit<Node<"">, "initialize">;

type Send = (method: string, params: unknown, options?: RequestOptions) => Promise<unknown>;

/** Creates the API. Its functions are created when they are accessed, so there is no list of methods at run time. */
export function apiOf(send: Send): Api {
  return node("", send) as Api;
}

function node(method: string, send: Send): unknown {
  const call = async (params?: unknown, options?: RequestOptions) => send(method, params, options);
  return new Proxy(call, {
    get: (_call, word) => {
      // `await` checks for `then`: a namespace isn't a promise, and isn't plain data.
      if (typeof word === "symbol" || word === "then" || word === "toJSON") return undefined;
      // Members of every function, such as `toString`, would be sent as requests when a namespace
      // is printed.
      if (word in Object.prototype) return Reflect.get(call, word);
      return node(method === "" ? word : `${method}/${word}`, send);
    },
    apply: (_call, _self, args: [unknown?, RequestOptions?]) => {
      if (method === "")
        throw new TypeError("codex.api is not a function: call one of its methods");
      return call(...args);
    },
  });
}
