import { CodexError } from "../errors/errors.ts";
import type { ThreadGoal } from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { activeTurn } from "../thread/active-turn.ts";
import { interruptQuietly } from "../thread/stop-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { TurnResult } from "../turn/result.ts";
import { orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { deferred } from "../util/deferred.ts";
import { describe, isRecord } from "../util/describe.ts";
import { checkCall } from "./check-calls.ts";
import { turnTimeUp } from "./turn.ts";

/** Options of a goal. */
export interface GoalOptions extends RequestOptions {
  /** The goal is given up when its turns have used so many tokens. Default: no limit. */
  readonly tokenBudget?: number | undefined;
}

/** What came of a goal. */
export interface GoalResult {
  /** The goal as it ended; null if it was cleared. */
  readonly goal: ThreadGoal | null;
  /** The turns that worked on it, in order. */
  readonly turns: readonly TurnResult[];
  /** The answer of the last turn. */
  readonly text: string;
}

/**
 * The goal of a thread: the server starts turns by itself until the goal is reached, paused or out
 * of budget.
 *
 * @example
 * const { text } = await thread.goal.run("Raise the test coverage to 90 %.");
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

  /** Returns the goal, null if there is none: `thread/goal/get`. */
  async get(options?: RequestOptions): Promise<ThreadGoal | null> {
    return goalIn(await this.#request("thread/goal/get", {}, options));
  }

  /** Sets the goal and starts to work on it: `thread/goal/set`. Resolves when the server has taken it. */
  async set(objective: string, options: GoalOptions = {}): Promise<ThreadGoal> {
    checkCall("goal", "goal.set", options);
    if (typeof objective !== "string" || objective === "") {
      throw new TypeError(
        `goal: the objective must be a non-empty string, not ${describe(objective)}`,
      );
    }
    const { tokenBudget, ...limits } = options;
    const params = { objective, status: "active", origin: "user", tokenBudget };
    return this.#set(params, limits);
  }

  /** Stops starting turns for the goal: `thread/goal/set`. The turn that runs goes on. */
  pause(options?: RequestOptions): Promise<ThreadGoal> {
    return this.#set({ status: "paused" }, options);
  }

  /** Continues to work on the goal: `thread/goal/set`. */
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
   * @throws RequestTimeoutError after `timeoutMs`; the signal's reason if it aborts.
   */
  async run(objective: string, options: GoalOptions = {}): Promise<GoalResult> {
    checkCall("goal", "goal.run", options);
    const { signal, timeoutMs, tokenBudget } = options;
    using limit = deadline(signal, timeoutMs, turnTimeUp);
    const turns: Promise<TurnResult>[] = [];
    const ended = deferred<ThreadGoal | null>();
    const isOver = (goal: ThreadGoal | null) => goal === null || goal.status !== "active";
    const stop = this.#thread.shown.add((record) => {
      const result = record.outcome.then((state) => new TurnResult(record, state));
      result.catch(() => {});
      turns.push(result);
    });
    const changes = this.onChange((goal) => {
      if (isOver(goal)) ended.resolve(goal);
    });
    void this.#session.ended.then((error) =>
      ended.reject(error ?? new CodexError("The client was closed")),
    );
    ended.promise.catch(() => {});
    try {
      const set = await this.set(objective, { tokenBudget, signal: limit.signal });
      if (isOver(set)) ended.resolve(set);
      const goal = await orAborted(ended.promise, limit.signal);
      // The goal ends within a turn, which is still answered.
      const results = await orAborted(Promise.all(turns), limit.signal);
      return { goal, turns: results, text: results.at(-1)?.text ?? "" };
    } catch (error) {
      if (limit.signal?.aborted) await this.#giveUp();
      throw error;
    } finally {
      stop();
      changes[Symbol.dispose]();
    }
  }

  async #giveUp(): Promise<void> {
    await this.pause().catch(() => {});
    const record = await activeTurn(this.#thread).catch(() => undefined);
    if (record) interruptQuietly(this.#thread, record);
  }

  async #set(params: object, options?: RequestOptions): Promise<ThreadGoal> {
    const goal = goalIn(await this.#request("thread/goal/set", params, options));
    if (goal) return goal;
    throw new CodexError("The server's answer to thread/goal/set has no goal");
  }

  async #request(method: string, params: object, options?: RequestOptions): Promise<unknown> {
    checkCall("request", method, options);
    return this.#session.userRequest(method, { threadId: this.#thread.id, ...params }, options);
  }
}

function goalIn(answer: unknown): ThreadGoal | null {
  return isRecord(answer) && isRecord(answer.goal) ? (answer.goal as unknown as ThreadGoal) : null;
}
