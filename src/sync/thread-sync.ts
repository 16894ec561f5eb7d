import type { Thread, TurnInput, TurnOptions, TurnOutput } from "../client/thread.ts";
import type { Schema } from "../input/schema.ts";
import type { TurnResult } from "../turn/result.ts";
import type { Blocking, Result } from "./blocking.ts";
import type { RemoteObject } from "./remote-object.ts";
import type { TurnSync } from "./turn-sync.ts";

/** A `Thread` whose methods block until they can return their results. */
export class ThreadSync
  implements
    Blocking<
      Thread,
      { thread: ThreadSync; turn: TurnSync<unknown>; requests: never; request: never }
    >
{
  readonly id: string;
  readonly #remote: RemoteObject;

  /** Created by `CodexSync.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`. */
  constructor(id: string, remote: RemoteObject) {
    this.id = id;
    this.#remote = remote;
  }

  /** Starts a turn: `turn/start`. Returns when the server has accepted it. See `Thread.turn`. */
  turn<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): TurnSync<TurnOutput<S>> {
    return this.#remote.call(this.turn, "turn", [input, options]) as TurnSync<TurnOutput<S>>;
  }

  /** Starts a turn and waits for its result. See `Thread.run`. */
  run<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): TurnResult<TurnOutput<S>> {
    const result = this.#remote.callAbortable(this.run, "run", [input, options]);
    return result as TurnResult<TurnOutput<S>>;
  }

  /** Reads the thread from the server: `thread/read`. See `Thread.read`. */
  read(...args: Parameters<Thread["read"]>): Result<Thread["read"]> {
    return this.#remote.call(this.read, "read", args) as Result<Thread["read"]>;
  }

  /** Names the thread: `thread/name/set`. */
  setName(...args: Parameters<Thread["setName"]>): Result<Thread["setName"]> {
    return this.#remote.call(this.setName, "setName", args) as Result<Thread["setName"]>;
  }

  /** Compacts the thread's history: `thread/compact/start`. See `Thread.compact`. */
  compact(...args: Parameters<Thread["compact"]>): Result<Thread["compact"]> {
    return this.#remote.call(this.compact, "compact", args) as Result<Thread["compact"]>;
  }

  /** Archives the thread: `thread/archive`. A running turn ends as interrupted. */
  archive(...args: Parameters<Thread["archive"]>): Result<Thread["archive"]> {
    return this.#remote.call(this.archive, "archive", args) as Result<Thread["archive"]>;
  }

  /** Creates a thread with this one's history: `thread/fork`. See `Thread.fork`. */
  fork(...args: Parameters<Thread["fork"]>): ThreadSync {
    return this.#remote.call(this.fork, "fork", args) as ThreadSync;
  }

  /** Stops the notifications of this thread: `thread/unsubscribe`. See `Thread.unsubscribe`. */
  unsubscribe(...args: Parameters<Thread["unsubscribe"]>): Result<Thread["unsubscribe"]> {
    const answer = this.#remote.call(this.unsubscribe, "unsubscribe", args);
    return answer as Result<Thread["unsubscribe"]>;
  }
}
