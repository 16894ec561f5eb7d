import { forCaller } from "../errors/at-caller.ts";
import type { Input } from "../input/input.ts";
import { prepareInput } from "../input/prepare-input.ts";
import type { Schema } from "../input/schema.ts";
import type {
  QueuedSubmission,
  ReviewTarget,
  ThreadArchiveResponse,
  ThreadCompactStartResponse,
  ThreadItemEntry,
  ThreadMetadataUpdateParams,
  ThreadMetadataUpdateResponse,
  ThreadQueueAddResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  ThreadSettingsUpdateParams,
  ThreadUnsubscribeResponse,
  TokenUsageBreakdown,
  TurnStartParams,
  Turn as WireTurn,
} from "../protocol/index.ts";
import { Listeners } from "../session/listeners.ts";
import { activeTurn } from "../thread/active-turn.ts";
import { followNewTurns } from "../thread/follow-turns.ts";
import { threadCall } from "../thread/thread-calls.ts";
import type { ThreadProfile } from "../thread/thread-profile.ts";
import type { RequestOptions, SendOptions } from "../thread/thread-server.ts";
import type { TurnResult } from "../turn/result.ts";
import { ownCopy } from "../util/own-copy.ts";
import { type Agent, agentsOf, usageOf } from "./agents.ts";
import { checkCall, checkedCopy, checkParams } from "./check-calls.ts";
import { Goal } from "./goal.ts";
import { type ListOptions, listEntries, readWithTurns, turnBefore } from "./read-thread.ts";
import {
  compact,
  startInput,
  startReview,
  startShell,
  startWith,
  type TurnHost,
  turnOf,
  untilAnswered,
} from "./start.ts";
import type {
  ThreadForkOptions,
  ThreadItemsOptions,
  ThreadTurnsOptions,
} from "./thread-options.ts";
import type { ThreadTimeline, ThreadTimelineOptions } from "./thread-timeline.ts";
import type { Turn, WaitOptions } from "./turn.ts";
import type { TurnInput, TurnOptions, TurnOutput } from "./turn-params.ts";
import type { Optional } from "./types.ts";

/** The parts of the client that a thread needs; not public. */
export interface ThreadInternals extends TurnHost {
  fork(threadId: string, options: ThreadForkOptions): Promise<Thread>;
}

/**
 * Starts a turn with params that are sent unchecked and unchanged, for callers that mirror another
 * client.
 */
export let startUnchecked: (
  thread: Thread,
  params: Omit<TurnStartParams, "threadId">,
  options: WaitOptions,
) => Promise<Turn<undefined>>;

/** The properties of a thread that don't depend on a turn. */
export let profileOf: (thread: Thread) => ThreadProfile;

/**
 * A conversation with the agent. Its turns run one at a time; different threads run in
 * parallel.
 *
 * @example
 * const result = await thread.run("What does this project do?", { timeoutMs: 600_000 });
 * console.log(result.throwIfFailed().text);
 */
export class Thread {
  readonly id: string;
  /** The thread's goal. The server starts turns automatically until the goal is reached. */
  readonly goal: Goal;
  readonly #internals: ThreadInternals;

  static {
    profileOf = (thread) => thread.#internals.state.profile;
    startUnchecked = (thread, params, options) =>
      startWith(thread.#internals, { ...params, threadId: thread.id }, options);
  }

  /**
   * Created by `Codex.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`.
   * @internal
   */
  constructor(id: string, internals: ThreadInternals) {
    this.id = id;
    this.goal = new Goal(internals.session, internals.state);
    this.#internals = internals;
  }

  /**
   * Starts a turn: `turn/start`. Resolves when the server has accepted it. While another turn of
   * this thread is running, the call waits for that turn to end; `signal` also ends the wait.
   * @throws InvalidInputError, InvalidSchemaError, TypeError before anything is sent.
   */
  turn<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): Promise<Turn<TurnOutput<S>>> {
    return forCaller(this.turn, async () => {
      const own = ownCopy({ input, options });
      return this.#start("turn", own.input, own.options);
    });
  }

  async #start<const S extends Schema | undefined>(
    subject: string,
    input: TurnInput,
    options: TurnOptions<S>,
  ): Promise<Turn<TurnOutput<S>>> {
    checkCall("turn", subject, options);
    return startInput(this.#internals, input, options);
  }

  /**
   * Starts a turn and waits for its result: `turn(input, options)` and `Turn.run()` in one. If the
   * server merged the message into another turn that didn't answer it, the message is sent again,
   * up to three times.
   * @throws the same as `turn()` and `Turn.run()`.
   */
  run<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): Promise<TurnResult<TurnOutput<S>>> {
    return forCaller(this.run, async () => {
      const own = ownCopy({ input, options });
      return untilAnswered(() => this.#start("run", own.input, own.options));
    });
  }

  /**
   * Starts a review of changes as a turn: `review/start`. The text of the result is the review.
   * While another turn is running, the call waits for that turn to end.
   */
  async review(target: ReviewTarget, options: RequestOptions = {}): Promise<Turn<undefined>> {
    checkCall("request", "review", options);
    return startReview(this.#internals, ownCopy(target), options);
  }

  /**
   * Runs a command in the thread's shell, without a sandbox, as a turn: `thread/shellCommand`. The
   * agent sees the command and its output. While another turn is running, the call waits for that turn to end.
   */
  async shell(command: string, options: RequestOptions = {}): Promise<Turn<undefined>> {
    checkCall("request", "shell", options);
    return startShell(this.#internals, command, options);
  }

  /**
   * Adds a message to the server's own queue, which the server processes when the thread is idle, possibly before
   * a turn that waits for another one: `thread/queue/add`. `onTurn` reports the resulting turn.
   */
  async queue(input: Input, options: RequestOptions = {}): Promise<QueuedSubmission> {
    checkCall("request", "queue", options);
    const { state, files } = this.#internals;
    const own = ownCopy(input);
    const method = "thread/queue/add";
    const add = async (limits: RequestOptions) => {
      const wireInput = await prepareInput(own, files.inputOptions(state, undefined, limits));
      const params = { input: wireInput, clientUserMessageId: crypto.randomUUID() };
      return this.#request<ThreadQueueAddResponse>(method, params, { ...limits, isInOrder: true });
    };
    const { queuedSubmission } = await threadCall(state, "queue", method, options, add);
    return queuedSubmission;
  }

  /**
   * Returns the running turn, no matter who started it: a goal, another client, or this program
   * before a restart. `thread/turns/list`.
   */
  async activeTurn(options: RequestOptions = {}): Promise<Turn<undefined> | undefined> {
    checkCall("request", "activeTurn", options);
    const record = await activeTurn(this.#internals.state, options);
    return record && turnOf(this.#internals, record);
  }

  /**
   * Calls `listener` with every turn that starts from now on, no matter who starts it, and with a running turn that
   * this client hasn't seen yet. After a lost connection, turns that ran in the meantime are reported too. Dispose of
   * the result to stop.
   */
  onTurn(listener: (turn: Turn<undefined>) => void): Disposable {
    const { session, state } = this.#internals;
    const listeners = new Listeners<[Turn<undefined>]>("the turns of a thread", session.warn);
    listeners.add(listener);
    const stop = followNewTurns(state, (turn) => listeners.tell(turnOf(this.#internals, turn)));
    return { [Symbol.dispose]: stop };
  }

  /**
   * Iterates over the thread's turns with their items, fetching pages as needed:
   * `thread/turns/list`. Oldest first, unless `sortDirection` is "desc".
   */
  turns(options: ThreadTurnsOptions = {}): AsyncGenerator<WireTurn, undefined> {
    checkParams("turns", "thread/turns/list", options, { omitted: ["threadId"] });
    return this.#list("thread/turns/list", {
      sortDirection: "asc",
      itemsView: "full",
      ...options,
    });
  }

  /**
   * Iterates over the thread's items, each with the id of its turn, fetching pages as needed:
   * `thread/items/list`. Oldest first, unless `sortDirection` is "desc". Needs server 0.169 or
   * newer.
   */
  items(options: ThreadItemsOptions = {}): AsyncGenerator<ThreadItemEntry, undefined> {
    checkParams("items", "thread/items/list", options, { omitted: ["threadId"] });
    return this.#list("thread/items/list", { sortDirection: "asc", ...options });
  }

  /** Returns the thread's sub-agents as a tree: `thread/list`, `thread/read`. */
  async agents(options: RequestOptions = {}): Promise<Agent[]> {
    checkCall("request", "agents", options);
    const { session, state } = this.#internals;
    const ask = (method: string, params: object, limits: RequestOptions) =>
      session.userRequest(method, params, limits);
    return agentsOf(state, ask, options);
  }

  /**
   * Returns the tokens that the thread has used, as last reported to this client. Includes
   * sub-agents only with `withAgents`.
   */
  usage(options?: { readonly withAgents?: boolean | undefined }): TokenUsageBreakdown | undefined {
    return usageOf(this.#internals.state, options);
  }

  /** Removes a turn and all later ones from the history: `thread/revert`. Files don't change. */
  revert(beforeTurnId: string, options?: RequestOptions): Promise<ThreadRevertResponse> {
    return this.#call("revert", "thread/revert", { beforeTurnId }, options);
  }

  /**
   * Removes the last turns from the history: `thread/turns/list`, `thread/revert`. Files don't
   * change.
   * @throws RangeError if the thread has fewer turns.
   */
  async rollback(turns: number, options: RequestOptions = {}): Promise<ThreadRevertResponse> {
    checkCall("request", "rollback", options);
    return this.revert(await turnBefore(this, turns, options), options);
  }

  /**
   * Returns the stored thread, and with `includeTurns` all its turns: `thread/read`,
   * `thread/turns/list`.
   */
  read(
    options: RequestOptions & { readonly includeTurns?: boolean | undefined } = {},
  ): Promise<ThreadReadResponse> {
    const ask = (method: string, params: object, limits: RequestOptions) =>
      this.#request<unknown>(method, params, limits);
    return forCaller(this.read, async () => {
      checkCall("read", "read", options);
      const { includeTurns = false, ...rest } = options;
      if (includeTurns) return readWithTurns(ask, rest);
      return this.#request<ThreadReadResponse>("thread/read", {}, rest);
    });
  }

  /**
   * Returns the thread in a form that is ready to render, from its history and then live:
   * `thread/turns/list`, `thread/read`, `thread/goal/get`. Close it when it is no longer shown.
   * @throws TypeError for an unknown option, or a value of the wrong type.
   * @throws RequestTimeoutError, TransportClosedError if the server doesn't answer.
   *
   * @example
   * using timeline = await thread.timeline();
   * timeline.subscribe(() => console.log(timeline.snapshot.turns.at(-1)));
   */
  timeline(options: ThreadTimelineOptions = {}): Promise<ThreadTimeline> {
    return forCaller(this.timeline, async () => {
      checkCall("timeline", "timeline", options);
      const { session, state } = this.#internals;
      const { ThreadTimeline } = await import("./thread-timeline.ts");
      return ThreadTimeline.open(session, state, options);
    });
  }

  /** Names the thread: `thread/name/set`. */
  setName(name: string, options?: RequestOptions): Promise<ThreadSetNameResponse> {
    return this.#call("setName", "thread/name/set", { name }, options);
  }

  /**
   * Compacts the thread's history: `thread/compact/start`. Waits while a turn runs, and resolves
   * when the compaction has ended.
   * @throws TurnFailedError if the compaction failed or was interrupted.
   */
  async compact(options: RequestOptions = {}): Promise<ThreadCompactStartResponse> {
    checkCall("request", "compact", options);
    return forCaller(this.compact, () => compact(this.#internals, options));
  }

  /** Changes settings for later turns, and for those that wait for another turn: `thread/settings/update`. */
  async updateSettings(
    settings: Optional<Omit<ThreadSettingsUpdateParams, "threadId">>,
    options?: RequestOptions,
  ): Promise<void> {
    checkParams("updateSettings", "thread/settings/update", settings, { omitted: ["threadId"] });
    await this.#call("updateSettings", "thread/settings/update", settings, options);
  }

  /** Changes the thread's metadata, such as its Git branch: `thread/metadata/update`. */
  async updateMetadata(
    metadata: Optional<Omit<ThreadMetadataUpdateParams, "threadId">>,
    options?: RequestOptions,
  ): Promise<ThreadMetadataUpdateResponse> {
    checkParams("updateMetadata", "thread/metadata/update", metadata, { omitted: ["threadId"] });
    return this.#call("updateMetadata", "thread/metadata/update", metadata, options);
  }

  /** Deletes the thread with its history: `thread/delete`. */
  async delete(options?: RequestOptions): Promise<void> {
    await this.#call("delete", "thread/delete", {}, options);
  }

  /** Archives the thread: `thread/archive`. A running turn ends as interrupted. */
  archive(options?: RequestOptions): Promise<ThreadArchiveResponse> {
    return this.#call("archive", "thread/archive", {}, options);
  }

  /**
   * Starts a thread with the history of this one: `thread/fork`. The fork inherits this thread's tools, and the
   * settings that this client has set, unless you pass others.
   */
  async fork(options: ThreadForkOptions = {}): Promise<Thread> {
    const own = checkedCopy("threadFork", "fork", options);
    return this.#internals.fork(this.id, own);
  }

  /**
   * Stops the notifications of this thread: `thread/unsubscribe`. A running turn continues on the
   * server, but its `run()` and `stream()` end with an error that says so. Further turns are
   * refused until the thread is resumed.
   */
  unsubscribe(options?: RequestOptions): Promise<ThreadUnsubscribeResponse> {
    return this.#call("unsubscribe", "thread/unsubscribe", {}, options);
  }

  async #call<Result>(
    subject: string,
    method: string,
    params: object,
    options: RequestOptions | undefined,
  ): Promise<Result> {
    checkCall("request", subject, options);
    return this.#request<Result>(method, params, options);
  }

  #list<Entry>(method: string, options: ListOptions): AsyncGenerator<Entry, undefined> {
    return listEntries(
      (name, params, limits) => this.#request<unknown>(name, params, limits),
      method,
      options,
    );
  }

  #request<Result>(method: string, params: object, options?: SendOptions): Promise<Result> {
    const { session } = this.#internals;
    return session.userRequest(
      method,
      { threadId: this.id, ...params },
      options,
    ) as Promise<Result>;
  }
}
