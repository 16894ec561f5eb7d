import { CodexError, ModelUnreachableError } from "../errors/errors.ts";
import type { ThreadGoal } from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { TurnResult } from "../turn/result.ts";
import { orAborted } from "../util/abort.ts";
import { checkListener } from "../util/checks.ts";
import { deadline } from "../util/deadline.ts";
import { describe, isRecord } from "../util/describe.ts";
import { checkCall } from "./check-calls.ts";
import { GoalRun, goalIn } from "./goal-run.ts";
import { turnTimeUp } from "./turn.ts";

/** Options of a goal. */
export interface GoalOptions extends RequestOptions {
  /** The number of tokens after which the server stops working on the goal. Default: no limit. */
  readonly tokenBudget?: number | undefined;
}

/** The result of a goal. */
export interface GoalResult {
  /** The final state of the goal; null if it was cleared. */
  readonly goal: ThreadGoal | null;
  /** The turns that worked on the goal, in order. */
  readonly turns: readonly TurnResult[];
  /** The answer of the last turn. */
  readonly text: string;
}

/**
 * The goal of a thread: the server starts turns automatically until the goal is reached, paused or out
 * of budget.
 *
 * @example
 * const { text } = await thread.goal.run("Raise the test coverage to 90%.");
 */
export class Goal {
  readonly #session: Session;
  readonly #thread: ThreadState;

  /**
   * Created by `Thread`.
   * @internal
   */
  constructor(session: Session, thread: ThreadState) {
    this.#session = session;
    this.#thread = thread;
  }

  /** Returns the goal, or null if there is none: `thread/goal/get`. */
  async get(options?: RequestOptions): Promise<ThreadGoal | null> {
    return goalIn(await this.#request("thread/goal/get", {}, options));
  }

  /**
   * Sets the goal, and the server starts to work on it: `thread/goal/set`. Resolves when the server
   * has accepted it.
   */
  async set(objective: string, options: GoalOptions = {}): Promise<ThreadGoal> {
    checkCall("goal", "goal.set", options);
    return this.#start(objective, options);
  }

  /** Stops the server from starting more turns for the goal: `thread/goal/set`. The running turn continues. */
  pause(options?: RequestOptions): Promise<ThreadGoal> {
    return this.#set({ status: "paused" }, options);
  }

  /** Lets the server continue to work on the goal: `thread/goal/set`. */
  resume(options?: RequestOptions): Promise<ThreadGoal> {
    return this.#set({ status: "active", origin: "user" }, options);
  }

  /** Removes the goal: `thread/goal/clear`. */
  async clear(options?: RequestOptions): Promise<void> {
    await this.#request("thread/goal/clear", {}, options);
  }

  /**
   * Calls `listener` when the goal changes, with null when it is removed: `thread/goal/updated`,
   * `thread/goal/cleared`. Dispose of the result to stop.
   */
  onChange(listener: (goal: ThreadGoal | null) => void): Disposable {
    checkListener(listener);
    const { id } = this.#thread;
    const { hub } = this.#session;
    const isOurs = (params: unknown) => isRecord(params) && params.threadId === id;
    const updated = hub.on("thread/goal/updated", (params) => {
      if (isOurs(params)) listener(goalIn(params));
    });
    const cleared = hub.on("thread/goal/cleared", (params) => {
      if (isOurs(params)) listener(null);
    });
    return {
      [Symbol.dispose]: () => {
        updated[Symbol.dispose]();
        cleared[Symbol.dispose]();
      },
    };
  }

  /**
   * Sets the goal, and waits until it is reached, paused, blocked, out of budget or removed.
   * Aborting pauses the goal and interrupts its turn.
   * @throws RequestTimeoutError after `timeoutMs`; the signal's reason if it aborts; ModelUnreachableError
   *   after the client's `modelRetryMs`, with the goal paused.
   */
  async run(objective: string, options: GoalOptions = {}): Promise<GoalResult> {
    checkCall("goal", "goal.run", options);
    const { signal, timeoutMs, tokenBudget } = options;
    using limit = deadline(signal, timeoutMs, turnTimeUp);
    // Nothing was sent, so an earlier goal isn't paused.
    limit.signal?.throwIfAborted();
    using _ = this.#session.work.begin();
    const run = new GoalRun(this.#thread);
    let stopping: Promise<void> | undefined;
    try {
      const onResult = (answer: unknown) => run.wasSet(goalIn(answer));
      await this.#start(objective, { tokenBudget, signal: limit.signal }, onResult);
      const goal = await orAborted(run.over, limit.signal);
      // The goal ends during a turn, and that turn still completes.
      const turns = await orAborted(outcomesOf(run), limit.signal);
      return { goal, turns, text: turns.at(-1)?.text ?? "" };
    } catch (error) {
      const isStopped = limit.signal?.aborted || error instanceof ModelUnreachableError;
      if (isStopped) stopping = this.#stop(run);
      throw error;
    } finally {
      // Doesn't wait: the server might never answer.
      if (stopping) stopping.finally(() => run[Symbol.dispose]());
      else run[Symbol.dispose]();
    }
  }

  /** Pauses the goal, and waits until the thread is free. Until the goal is paused, the server can start another turn. */
  async #stop(run: GoalRun): Promise<void> {
    run.stop();
    const pausing = this.pause().catch(() => {});
    // Takes its place now, so that this wait precedes any turn that the caller starts afterwards.
    await Promise.all([pausing, this.#untilFree().catch(() => {})]);
  }

  async #untilFree(): Promise<void> {
    const { starts } = this.#thread;
    using place = starts.join();
    using _slot = await starts.acquire(place);
  }

  #start(
    objective: string,
    options: GoalOptions,
    onResult?: (answer: unknown) => void,
  ): Promise<ThreadGoal> {
    if (typeof objective !== "string" || objective === "") {
      throw new TypeError(
        `goal: the objective must be a non-empty string, not ${describe(objective)}`,
      );
    }
    const { tokenBudget, ...limits } = options;
    return this.#set(
      { objective, status: "active", origin: "user", tokenBudget },
      limits,
      onResult,
    );
  }

  async #set(
    params: object,
    options?: RequestOptions,
    onResult?: (answer: unknown) => void,
  ): Promise<ThreadGoal> {
    const goal = goalIn(await this.#request("thread/goal/set", params, options, onResult));
    if (goal) return goal;
    throw new CodexError("The server's response to thread/goal/set has no goal");
  }

  async #request(
    method: string,
    params: object,
    options?: RequestOptions,
    onResult?: (answer: unknown) => void,
  ): Promise<unknown> {
    checkCall("request", method, options);
    const about = { threadId: this.#thread.id, ...params };
    return this.#session.userRequest(method, about, { ...options, onResult });
  }
}

async function outcomesOf(run: GoalRun): Promise<TurnResult[]> {
  const records = await run.turns();
  return Promise.all(records.map(async (record) => new TurnResult(record, await record.outcome)));
}
