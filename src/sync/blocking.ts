import type { ExecCommand } from "../client/exec.ts";
import type { Goal } from "../client/goal.ts";
import type { Account } from "../client/namespaces/account.ts";
import type { Config } from "../client/namespaces/config.ts";
import type { Files, FileWatch } from "../client/namespaces/files.ts";
import type { Login } from "../client/namespaces/login.ts";
import type { Mcp } from "../client/namespaces/mcp.ts";
import type { Plugins } from "../client/namespaces/plugins.ts";
import type { Requests } from "../client/namespaces/requests.ts";
import type { Skills } from "../client/namespaces/skills.ts";
import type { Thread } from "../client/thread.ts";
import type { ThreadTimeline } from "../client/thread-timeline.ts";
import type { Turn } from "../client/turn.ts";
import type { PendingRequest } from "../session/pending-request.ts";

/** The classes that mirror the asynchronous client's classes. */
export interface Mirrors {
  readonly thread: unknown;
  readonly turn: unknown;
  readonly timeline?: unknown;
  readonly requests?: unknown;
  readonly request?: unknown;
}

/**
 * An iterator to read in a loop. It doesn't extend `IterableIterator`, which has different type parameters
 * in older versions of TypeScript.
 */
export interface BlockingIterator<Item> extends Iterator<Item, undefined> {
  [Symbol.iterator](): BlockingIterator<Item>;
}

/** The result of the blocking version of a call that returns `T`. */
export type Blocked<T, M extends Mirrors = Mirrors> =
  T extends Promise<infer Result>
    ? Blocked<Result, M>
    : T extends Thread
      ? M["thread"]
      : T extends Turn<infer _Output>
        ? M["turn"]
        : T extends ThreadTimeline
          ? M["timeline"]
          : T extends PendingRequest
            ? M["request"]
            : T extends readonly PendingRequest[]
              ? readonly M["request"][]
              : T extends Requests
                ? M["requests"]
                : T extends AsyncGenerator<infer Item, infer End>
                  ? Generator<Item, End>
                  : T extends AsyncIterator<infer Item, undefined>
                    ? BlockingIterator<Item>
                    : T extends Handle
                      ? Blocking<T, M>
                      : T;

/** Objects that stay in the worker and are used from the calling thread. */
type Handle =
  | Account
  | Config
  | Mcp
  | Skills
  | Plugins
  | Files
  | FileWatch
  | ExecCommand
  | Goal
  | Login;

/** `codex.api` without promises: functions and namespaces, nested to any depth. */
type BlockingApi<T> = {
  readonly [Name in keyof T]: (T[Name] extends (...args: infer Args) => Promise<infer Answer>
    ? (...args: Args) => Answer
    : unknown) &
    BlockingApi<T[Name]>;
};

/** The arguments with listeners that receive the objects of the blocking client. */
type BlockedArgs<Args extends unknown[], M extends Mirrors> = {
  [Index in keyof Args]: Args[Index] extends (turn: Turn<infer _Output>) => infer Returned
    ? (turn: M["turn"]) => Returned
    : Args[Index];
};

type AnyFunction = (...args: never[]) => unknown;

/** The result of a method, without its promise. */
export type Result<Method extends AnyFunction> = Blocked<ReturnType<Method>>;

/** The members that the blocking mirror of a class must have. */
export type Blocking<T, M extends Mirrors, Omitted extends PropertyKey = never> = {
  readonly [Name in Exclude<keyof T, Omitted> as Name extends typeof Symbol.asyncDispose
    ? typeof Symbol.dispose
    : Name]: T[Name] extends (...args: infer Args) => infer Returned
    ? (...args: BlockedArgs<Args, M>) => Blocked<Returned, M>
    : Name extends "api"
      ? BlockingApi<T[Name]>
      : T[Name] extends Promise<infer Value>
        ? () => Value
        : Blocked<T[Name], M>;
};
