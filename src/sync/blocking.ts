import type { Requests } from "../client/namespaces/requests.ts";
import type { Thread } from "../client/thread.ts";
import type { Turn } from "../client/turn.ts";
import type { PendingRequest } from "../session/pending-request.ts";

/** The classes that stand for those of the asynchronous client. */
export interface Mirrors {
  readonly thread: unknown;
  readonly turn: unknown;
  readonly requests: unknown;
  readonly request: unknown;
}

/** An iterator that can be looped over. `IterableIterator` has other parameters in older TypeScript. */
export interface BlockingIterator<Item> extends Iterator<Item, undefined> {
  [Symbol.iterator](): BlockingIterator<Item>;
}

/** What a blocking call returns where the asynchronous one returns `T`. */
export type Blocked<T, M extends Mirrors = Mirrors> =
  T extends Promise<infer Result>
    ? Blocked<Result, M>
    : T extends Thread
      ? M["thread"]
      : T extends Turn<infer _Output>
        ? M["turn"]
        : T extends Requests
          ? M["requests"]
          : T extends PendingRequest
            ? M["request"]
            : T extends readonly PendingRequest[]
              ? readonly M["request"][]
              : T extends AsyncGenerator<infer Item, infer End>
                ? Generator<Item, End>
                : T extends AsyncIterator<infer Item, undefined>
                  ? BlockingIterator<Item>
                  : T;

type AnyFunction = (...args: never[]) => unknown;

/** The result of a method, without its promise. */
export type Result<Method extends AnyFunction> = Blocked<ReturnType<Method>>;

/** The members that the blocking mirror of a class must have. */
export type Blocking<T, M extends Mirrors, Omitted extends PropertyKey = never> = {
  readonly [Name in Exclude<keyof T, Omitted> as Name extends typeof Symbol.asyncDispose
    ? typeof Symbol.dispose
    : Name]: T[Name] extends (...args: infer Args) => infer Returned
    ? (...args: Args) => Blocked<Returned, M>
    : Blocked<T[Name], M>;
};
