import type { Goal } from "../client/goal.ts";
import type { Thread } from "../client/thread.ts";
import type { ThreadTimelineOptions } from "../client/thread-timeline.ts";
import type { TurnInput, TurnOptions, TurnOutput } from "../client/turn-params.ts";
import type { Schema } from "../input/schema.ts";
import type { TurnResult } from "../turn/result.ts";
import type { Blocking, Result } from "./blocking.ts";
import { blockingObject } from "./blocking-object.ts";
import { iterate } from "./remote-iterator.ts";
import type { RemoteObject } from "./remote-object.ts";
import type { ThreadTimelineSync } from "./thread-timeline-sync.ts";
import type { TurnSync } from "./turn-sync.ts";

type Mirrored = { thread: ThreadSync; turn: TurnSync<unknown>; timeline: ThreadTimelineSync };

/** A `Thread` whose methods block until they can return their results. */
export class ThreadSync implements Blocking<Thread, Mirrored> {
  readonly id: string;
  /** The thread's goal. See `Thread.goal`. */
  readonly goal: Blocking<Goal, Mirrored>;
  readonly #remote: RemoteObject;

  /**
   * Created by `CodexSync.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`.
   * @internal
   */
  constructor(id: string, remote: RemoteObject) {
    this.id = id;
    this.goal = blockingObject(remote, {}, { path: "goal." }) as Blocking<Goal, Mirrored>;
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

  /** Starts a review of changes as a turn: `review/start`. See `Thread.review`. */
  review(...args: Parameters<Thread["review"]>): TurnSync<undefined> {
    return this.#remote.call(this.review, "review", args) as TurnSync<undefined>;
  }

  /** Runs a command in the thread's shell as a turn: `thread/shellCommand`. See `Thread.shell`. */
  shell(...args: Parameters<Thread["shell"]>): TurnSync<undefined> {
    return this.#remote.call(this.shell, "shell", args) as TurnSync<undefined>;
  }

  /** Adds a message to the server's own queue: `thread/queue/add`. See `Thread.queue`. */
  queue(...args: Parameters<Thread["queue"]>): Result<Thread["queue"]> {
    return this.#remote.call(this.queue, "queue", args) as Result<Thread["queue"]>;
  }

  /** Returns the running turn, no matter who started it. See `Thread.activeTurn`. */
  activeTurn(...args: Parameters<Thread["activeTurn"]>): TurnSync<undefined> | undefined {
    const turn = this.#remote.call(this.activeTurn, "activeTurn", args);
    return turn as TurnSync<undefined> | undefined;
  }

  /** Calls `listener` with every turn that starts, but only during a blocking call. Dispose of the result to stop. */
  onTurn(listener: (turn: TurnSync<unknown>) => void): Disposable {
    const remote = this.#remote.call(this.onTurn, "onTurn", [listener]) as RemoteObject;
    return { [Symbol.dispose]: () => remote.release() };
  }

  /** Iterates over the thread's turns: `thread/turns/list`. See `Thread.turns`. */
  turns(...args: Parameters<Thread["turns"]>): Result<Thread["turns"]> {
    return iterate((entry) => this.#remote.call(entry, "turns", args));
  }

  /** Iterates over the thread's items: `thread/items/list`. See `Thread.items`. */
  items(...args: Parameters<Thread["items"]>): Result<Thread["items"]> {
    return iterate((entry) => this.#remote.call(entry, "items", args));
  }

  /** Returns the thread's sub-agents as a tree. See `Thread.agents`. */
  agents(...args: Parameters<Thread["agents"]>): Result<Thread["agents"]> {
    return this.#remote.call(this.agents, "agents", args) as Result<Thread["agents"]>;
  }

  /** Returns the tokens that the thread has used. See `Thread.usage`. */
  usage(...args: Parameters<Thread["usage"]>): Result<Thread["usage"]> {
    return this.#remote.call(this.usage, "usage", args) as Result<Thread["usage"]>;
  }

  /** Removes a turn and all later ones from the history: `thread/revert`. See `Thread.revert`. */
  revert(...args: Parameters<Thread["revert"]>): Result<Thread["revert"]> {
    return this.#remote.call(this.revert, "revert", args) as Result<Thread["revert"]>;
  }

  /** Removes the last turns from the history. See `Thread.rollback`. */
  rollback(...args: Parameters<Thread["rollback"]>): Result<Thread["rollback"]> {
    return this.#remote.call(this.rollback, "rollback", args) as Result<Thread["rollback"]>;
  }

  /** Changes settings for later turns: `thread/settings/update`. */
  updateSettings(...args: Parameters<Thread["updateSettings"]>): void {
    this.#remote.call(this.updateSettings, "updateSettings", args);
  }

  /** Changes the thread's metadata: `thread/metadata/update`. */
  updateMetadata(...args: Parameters<Thread["updateMetadata"]>): Result<Thread["updateMetadata"]> {
    const answer = this.#remote.call(this.updateMetadata, "updateMetadata", args);
    return answer as Result<Thread["updateMetadata"]>;
  }

  /** Deletes the thread with its history: `thread/delete`. */
  delete(...args: Parameters<Thread["delete"]>): void {
    this.#remote.call(this.delete, "delete", args);
  }

  /** Reads the thread from the server: `thread/read`. See `Thread.read`. */
  read(...args: Parameters<Thread["read"]>): Result<Thread["read"]> {
    return this.#remote.call(this.read, "read", args) as Result<Thread["read"]>;
  }

  /** Returns the thread in a form that is ready to render. See `Thread.timeline`. */
  timeline(options: Omit<ThreadTimelineOptions, "schedule"> = {}): ThreadTimelineSync {
    return this.#remote.call(this.timeline, "timeline", [options]) as ThreadTimelineSync;
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
