import type { RequestParams, RequestResults } from "../protocol/index.ts";

/** Makes each member optional, and lets it be undefined; undefined members aren't sent. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The method of a request in the protocol. */
export type RequestMethod = keyof RequestParams;

/** The params of a method; unknown if the pinned protocol doesn't have it. */
export type ParamsOf<M extends string> = M extends RequestMethod ? RequestParams[M] : unknown;

/** The result of a method; unknown if the pinned protocol doesn't have it. */
export type ResultOf<M extends string> = M extends RequestMethod ? RequestResults[M] : unknown;

/** Params are optional if the method requires none. */
export type RequestArguments<M extends string, Options> =
  undefined extends ParamsOf<M>
    ? [params?: ParamsOf<M>, options?: Options]
    : Record<never, never> extends ParamsOf<M>
      ? [params?: ParamsOf<M>, options?: Options]
      : [params: ParamsOf<M>, options?: Options];
