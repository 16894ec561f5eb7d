import type { RequestParams, RequestResults } from "../protocol/index.ts";

/** The same members, each of which may also be undefined: such a member is not sent. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** A request of the protocol, by its method. */
export type RequestMethod = keyof RequestParams;

/** The params of a method; anything for one that the pinned protocol does not have. */
export type ParamsOf<M extends string> = M extends RequestMethod ? RequestParams[M] : unknown;

/** The result of a method; unknown for one that the pinned protocol does not have. */
export type ResultOf<M extends string> = M extends RequestMethod ? RequestResults[M] : unknown;

/** Params may be left out where the method takes none, or none that it needs. */
export type RequestArguments<M extends string, Options> =
  undefined extends ParamsOf<M>
    ? [params?: ParamsOf<M>, options?: Options]
    : Record<never, never> extends ParamsOf<M>
      ? [params?: ParamsOf<M>, options?: Options]
      : [params: ParamsOf<M>, options?: Options];
