import type { Thread } from "../client/thread.ts";
import type { Turn } from "../client/turn.ts";

/** What stands in the mirror for a `Thread` and a `Turn`. */
export interface Mirrors {
  readonly thread: unknown;
  readonly turn: unknown;
}

/** What a blocking call gives in place of what the asynchronous one does. */
export type Blocked<T, M extends Mirrors = Mirrors> =
  T extends Promise<infer Result>
    ? Blocked<Result, M>
    : T extends Thread
      ? M["thread"]
      : T extends Turn<infer _Output>
        ? M["turn"]
        : T extends AsyncGenerator<infer Item, infer End>
          ? Generator<Item, End>
          : T extends AsyncIterableIterator<infer Item, infer End>
            ? IterableIterator<Item, End>
            : T;

type AnyFunction = (...args: never[]) => unknown;

/** The result of a method, without the wait for it. */
export type Result<Method extends AnyFunction> = Blocked<ReturnType<Method>>;

/** The blocking shape of a class: what its mirror must have. */
export type Blocking<T, M extends Mirrors, LeftOut extends PropertyKey = never> = {
  readonly [Name in Exclude<keyof T, LeftOut> as Name extends typeof Symbol.asyncDispose
    ? typeof Symbol.dispose
    : Name]: T[Name] extends (...args: infer Args) => infer Returned
    ? (...args: Args) => Blocked<Returned, M>
    : Blocked<T[Name], M>;
};
