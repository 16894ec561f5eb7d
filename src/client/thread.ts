import { randomUUID } from "node:crypto";
import { forCaller } from "../errors/at-caller.ts";
import { MessageUnansweredError } from "../errors/errors.ts";
import {
  type ExternalMessage,
  isExternalMessage,
  toolOutputOf,
} from "../input/external-message.ts";
import type { Input } from "../input/input.ts";
import { type PreparedOutput, prepareOutput } from "../input/output-schema.ts";
import { prepareInput } from "../input/prepare-input.ts";
import type { OutputOf, Schema } from "../input/schema.ts";
import type {
  QueuedSubmission,
  ReviewTarget,
  SandboxMode,
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
import type { Session } from "../session/session.ts";
import { compactThread } from "../thread/compact.ts";
import { isShellTurn, startNamedTurn, startNextTurn } from "../thread/start-other.ts";
import { startTurn } from "../thread/start-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { deadline } from "../util/deadline.ts";
import { describe } from "../util/describe.ts";
import { type Agent, agentsOf, usageOf } from "./agents.ts";
import { Goal } from "./goal.ts";
import type { LocalFiles } from "./local-files.ts";
import { allPages } from "./namespaces/pages.ts";
import { readWithTurns, turnBefore } from "./read-thread.ts";
import { sandboxPolicyOf } from "./sandbox.ts";
import type {
  ThreadForkOptions,
  ThreadItemsOptions,
  ThreadTurnsOptions,
} from "./thread-options.ts";
import { Turn, turnTimeUp, type WaitOptions } from "./turn.ts";
import type { Optional } from "./types.ts";

/**
 * Options of a turn: every other field of `turn/start`, and those that this client adds. Settings
 * such as `sandboxPolicy`, `model` and `cwd` stay on the thread for its later turns.
 */
export interface TurnOptions<S extends Schema | undefined = undefined>
  extends Optional<Omit<TurnStartParams, "threadId" | "input" | "outputSchema">>,
    WaitOptions {
  /**
   * Schema of the answer: a JSON Schema, or a Standard Schema (zod, valibot, arktype, …), which
   * also types `result.output`.
   */
  readonly outputSchema?: S;
  /**
   * False for model endpoints without a strict mode, which accept schemas with optional keys and
   * open objects. Default true.
   */
  readonly strict?: boolean | undefined;
  /**
   * The sandbox by its name, instead of `sandboxPolicy`. It stays on the thread for its later turns.
   */
  readonly sandbox?: SandboxMode | undefined;
}

/** The whole input of a turn. */
export type TurnInput = Input | ExternalMessage;

/** The output of a turn with an `outputSchema` of this type. */
export type TurnOutput<S extends Schema | undefined> = S extends Schema ? OutputOf<S> : undefined;

/** What a thread needs from its client; not public. */
export interface ThreadInternals {
  readonly session: Session;
  readonly state: ThreadState;
  readonly files: LocalFiles;
  fork(threadId: string, options: ThreadForkOptions): Promise<Thread>;
}

function sandboxSetting(
  sandbox: SandboxMode,
  { sandboxPolicy }: { readonly sandboxPolicy?: unknown },
): Pick<TurnStartParams, "sandboxPolicy"> {
  if (sandboxPolicy != null) throw new TypeError("Set sandbox or sandboxPolicy, not both");
  return { sandboxPolicy: sandboxPolicyOf(sandbox) };
}

/** How often a message is sent that the server merges into other turns, which don't answer it. */
const MAX_RUNS = 3;

/**
 * A conversation with the agent. Its turns run one after another; different threads run in
 * parallel.
 *
 * @example
 * const result = await thread.run("What does this project do?", { timeoutMs: 600_000 });
 * console.log(result.throwIfFailed().text);
 */
export class Thread {
  readonly id: string;
  /** The thread's goal, for which the server starts turns by itself. */
  readonly goal: Goal;
  readonly #internals: ThreadInternals;

  /** Created by `Codex.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`. */
  constructor(id: string, internals: ThreadInternals) {
    this.id = id;
    this.goal = new Goal(internals.session, internals.state);
    this.#internals = internals;
  }

  /**
   * Starts a turn: `turn/start`. Resolves when the server has accepted it. While another turn of
   * this thread runs, it waits for its end; `signal` ends the wait too.
   * @throws InvalidInputError, InvalidSchemaError, TypeError before anything is sent.
   */
  turn<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): Promise<Turn<TurnOutput<S>>> {
    return forCaller(this.turn, () => this.#start(input, options));
  }

  async #start<const S extends Schema | undefined>(
    input: TurnInput,
    options: TurnOptions<S>,
  ): Promise<Turn<TurnOutput<S>>> {
    const { signal, timeoutMs, outputSchema, strict, sandbox, ...params } = options;
    const { session, state, files } = this.#internals;
    const settings = sandbox === undefined ? {} : sandboxSetting(sandbox, params);
    const output = outputSchema && prepareOutput(outputSchema, { strict });
    await files.checkCwd(options.cwd);
    const asked = isExternalMessage(input)
      ? { input: [], toolOutput: toolOutputOf(input) }
      : { input: await prepareInput(input, files.inputOptions(state, options.cwd)) };
    const limit = deadline(signal, timeoutMs, turnTimeUp);
    const dispose = () => limit[Symbol.dispose]();
    const start: TurnStartParams = {
      ...(params as Partial<TurnStartParams>),
      ...settings,
      ...asked,
      threadId: this.id,
    };
    if (output) start.outputSchema = output.jsonSchema;
    const starting = session
      .connect(limit.signal)
      .then(() => startTurn(state, start, limit.signal));
    starting.then(({ outcome }) => outcome.then(dispose, dispose), dispose);
    return new Turn({
      thread: state,
      record: await starting,
      output: output as PreparedOutput<TurnOutput<S>> | undefined,
      files,
    });
  }

  /**
   * Starts a turn and waits for its result: `turn(input, options)` and `Turn.run()` in one. A
   * message that the server merged into another turn, which didn't answer it, is sent again, up to
   * three times.
   * @throws What `turn()` and `Turn.run()` throw.
   */
  run<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: TurnOptions<S> = {},
  ): Promise<TurnResult<TurnOutput<S>>> {
    return forCaller(this.run, () => this.#run(input, options));
  }

  async #run<const S extends Schema | undefined>(
    input: TurnInput,
    options: TurnOptions<S>,
  ): Promise<TurnResult<TurnOutput<S>>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await (await this.#start(input, options)).run();
      } catch (error) {
        const isUnanswered = error instanceof MessageUnansweredError;
        if (!isUnanswered || attempt >= MAX_RUNS) throw error;
      }
    }
  }

  /**
   * Starts a review of changes, which is a turn like any other: `review/start`. Its text is the
   * review. While another turn runs, it waits for its end.
   */
  async review(target: ReviewTarget, options: RequestOptions = {}): Promise<Turn<undefined>> {
    const { session, state } = this.#internals;
    await session.connect(options.signal);
    const request = { method: "review/start", params: { threadId: this.id, target } };
    return this.#turnOf(await startNamedTurn(state, request, options));
  }

  /**
   * Runs a command in the thread's shell, without a sandbox, as a turn: `thread/shellCommand`. The
   * agent sees it and its output. While another turn runs, it waits for its end.
   */
  async shell(command: string, options: RequestOptions = {}): Promise<Turn<undefined>> {
    const { session, state } = this.#internals;
    if (typeof command !== "string" || command === "") {
      throw new TypeError(
        `shell: the command must be a non-empty string, not ${describe(command)}`,
      );
    }
    await session.connect(options.signal);
    const params = { threadId: this.id, command };
    const request = { method: "thread/shellCommand", params, isIt: isShellTurn };
    return this.#turnOf((await startNextTurn(state, request, options)).record);
  }

  /**
   * Adds a message to the server's own queue, which it works on by itself when the thread is idle:
   * `thread/queue/add`. `onTurn` shows its turn.
   */
  async queue(input: Input, options: RequestOptions = {}): Promise<QueuedSubmission> {
    const { state, files } = this.#internals;
    const wireInput = await prepareInput(input, files.inputOptions(state, undefined));
    const params = { input: wireInput, clientUserMessageId: randomUUID() };
    const { queuedSubmission } = await this.#request<ThreadQueueAddResponse>(
      "thread/queue/add",
      params,
      options,
    );
    return queuedSubmission;
  }

  /**
   * Returns the turn that is running, whoever has started it: a goal, another client, or this
   * program before it was restarted. `thread/turns/list`.
   */
  async activeTurn({ signal }: RequestOptions = {}): Promise<Turn<undefined> | undefined> {
    const record = await this.#internals.state.activeTurn(signal);
    return record && this.#turnOf(record);
  }

  /** Calls `listener` with every turn that starts from now on, whoever starts it. Dispose of the result to stop. */
  onTurn(listener: (turn: Turn<undefined>) => void): Disposable {
    const { session, state } = this.#internals;
    const listeners = new Listeners<[Turn<undefined>]>("the turns of a thread", session.warn);
    listeners.add(listener);
    const stop = state.onTurn((record) => listeners.tell(this.#turnOf(record)));
    return { [Symbol.dispose]: stop };
  }

  /**
   * Iterates over the thread's turns with their items, fetching pages as needed:
   * `thread/turns/list`. Oldest first, unless `sortDirection` is "desc".
   */
  turns(options: ThreadTurnsOptions = {}): AsyncGenerator<WireTurn, undefined> {
    return this.#list("thread/turns/list", {
      sortDirection: "asc",
      itemsView: "full",
      ...options,
    });
  }

  /**
   * Iterates over the thread's items, each with the id of its turn, fetching pages as needed:
   * `thread/items/list`. Oldest first, unless `sortDirection` is "desc". Needs a server of 0.169.
   */
  items(options: ThreadItemsOptions = {}): AsyncGenerator<ThreadItemEntry, undefined> {
    return this.#list("thread/items/list", { sortDirection: "asc", ...options });
  }

  /** Returns the thread's sub-agents as a tree: `thread/list`, `thread/read`. */
  agents(options: RequestOptions = {}): Promise<Agent[]> {
    const { session, state } = this.#internals;
    const ask = (method: string, params: object, limits: RequestOptions) =>
      session.userRequest(method, params, limits);
    return agentsOf(state, ask, options);
  }

  /** The tokens that the thread has used, as last reported to this client; without its sub-agents unless asked for. */
  usage(options?: { readonly withAgents?: boolean | undefined }): TokenUsageBreakdown | undefined {
    return usageOf(this.#internals.state, options);
  }

  /** Removes a turn and all later ones from the history: `thread/revert`. Files stay as they are. */
  revert(beforeTurnId: string, options?: RequestOptions): Promise<ThreadRevertResponse> {
    return this.#request("thread/revert", { beforeTurnId }, options);
  }

  /**
   * Removes the last turns from the history: `thread/turns/list`, `thread/revert`. Files stay as
   * they are.
   * @throws RangeError if the thread has fewer turns.
   */
  async rollback(turns: number, options: RequestOptions = {}): Promise<ThreadRevertResponse> {
    return this.revert(await turnBefore(this, turns, options), options);
  }

  /** Returns the stored thread, with `includeTurns` all its turns too: `thread/read`, `thread/turns/list`. */
  read(
    options: RequestOptions & { readonly includeTurns?: boolean | undefined } = {},
  ): Promise<ThreadReadResponse> {
    const { includeTurns = false, ...rest } = options;
    const ask = (method: string, params: object, limits: RequestOptions) =>
      this.#request<unknown>(method, params, limits);
    if (includeTurns) return forCaller(this.read, () => readWithTurns(ask, rest));
    return this.#request("thread/read", {}, rest);
  }

  /** Names the thread: `thread/name/set`. */
  setName(name: string, options?: RequestOptions): Promise<ThreadSetNameResponse> {
    return this.#request("thread/name/set", { name }, options);
  }

  /**
   * Compacts the thread's history: `thread/compact/start`. Waits while a turn runs, and resolves
   * when the compaction has ended.
   * @throws TurnFailedError if the compaction failed or was interrupted.
   */
  async compact(options: RequestOptions = {}): Promise<ThreadCompactStartResponse> {
    const { session, state } = this.#internals;
    await session.connect(options.signal);
    return forCaller(this.compact, () => compactThread(state, options));
  }

  /** Changes settings for later turns: `thread/settings/update`. */
  async updateSettings(
    settings: Optional<Omit<ThreadSettingsUpdateParams, "threadId">>,
    options?: RequestOptions,
  ): Promise<void> {
    await this.#request("thread/settings/update", settings, options);
  }

  /** Changes what is stored about the thread, such as its Git branch: `thread/metadata/update`. */
  updateMetadata(
    metadata: Optional<Omit<ThreadMetadataUpdateParams, "threadId">>,
    options?: RequestOptions,
  ): Promise<ThreadMetadataUpdateResponse> {
    return this.#request("thread/metadata/update", metadata, options);
  }

  /** Deletes the thread with its history: `thread/delete`. */
  async delete(options?: RequestOptions): Promise<void> {
    await this.#request("thread/delete", {}, options);
  }

  /** Archives the thread: `thread/archive`. A running turn ends as interrupted. */
  archive(options?: RequestOptions): Promise<ThreadArchiveResponse> {
    return this.#request("thread/archive", {}, options);
  }

  /** Starts a thread with the history of this one: `thread/fork`. It has this thread's tools, unless others are given. */
  fork(options: ThreadForkOptions = {}): Promise<Thread> {
    return this.#internals.fork(this.id, options);
  }

  /**
   * Stops the notifications of this thread: `thread/unsubscribe`. A running turn continues on the
   * server, but its `run()` and `stream()` end with an error that says so. Further turns are
   * refused until the thread is resumed.
   */
  unsubscribe(options?: RequestOptions): Promise<ThreadUnsubscribeResponse> {
    return this.#request("thread/unsubscribe", {}, options);
  }

  #turnOf(record: TurnRecord): Turn<undefined> {
    const { state, files } = this.#internals;
    return new Turn({ thread: state, record, output: undefined, files });
  }

  #list<Entry>(
    method: string,
    { signal, timeoutMs, cursor, ...params }: RequestOptions & { readonly cursor?: unknown },
  ): AsyncGenerator<Entry, undefined> {
    return allPages(method, cursor, (next) =>
      this.#request(method, { ...params, cursor: next ?? null }, { signal, timeoutMs }),
    );
  }

  #request<Result>(method: string, params: object, options?: RequestOptions): Promise<Result> {
    const { session } = this.#internals;
    return session.userRequest(
      method,
      { threadId: this.id, ...params },
      options,
    ) as Promise<Result>;
  }
}
