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
  SandboxMode,
  ThreadArchiveResponse,
  ThreadCompactStartResponse,
  ThreadReadResponse,
  ThreadSetNameResponse,
  ThreadUnsubscribeResponse,
  TurnStartParams,
} from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { compactThread } from "../thread/compact.ts";
import { startTurn } from "../thread/start-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnResult } from "../turn/result.ts";
import { deadline } from "../util/deadline.ts";
import type { LocalFiles } from "./local-files.ts";
import { readWithTurns } from "./read-thread.ts";
import { sandboxPolicyOf } from "./sandbox.ts";
import type { ThreadForkOptions } from "./thread-options.ts";
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
  readonly #internals: ThreadInternals;

  /** Created by `Codex.threadStart`, `threadResume`, `threadFork` and `threadUnarchive`. */
  constructor(id: string, internals: ThreadInternals) {
    this.id = id;
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

  #request<Result>(method: string, params: object, options?: RequestOptions): Promise<Result> {
    const { session } = this.#internals;
    return session.userRequest(
      method,
      { threadId: this.id, ...params },
      options,
    ) as Promise<Result>;
  }
}
