import { forCaller } from "../errors/at-caller.ts";
import { RequestTimeoutError } from "../errors/errors.ts";
import type { Input } from "../input/input.ts";
import type { PreparedOutput } from "../input/output-schema.ts";
import { prepareInput } from "../input/prepare-input.ts";
import type { TurnInterruptResponse, TurnSteerResponse } from "../protocol/index.ts";
import type { PendingRequests } from "../session/pending-requests.ts";
import {
  type InterruptOptions,
  interruptOwn,
  interruptQuietly,
  interruptTurn,
  steerTurn,
} from "../thread/stop-turn.ts";
import { threadCall } from "../thread/thread-calls.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { OutputValidationError, TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { givenUp, WHOLE_TURN } from "../turn/unfinished-errors.ts";
import { orAborted } from "../util/abort.ts";
import { type Deadline, deadline } from "../util/deadline.ts";
import { ownCopy } from "../util/own-copy.ts";
import { checkCall } from "./check-calls.ts";
import { LimitedReader } from "./limited-reader.ts";
import type { LocalFiles } from "./local-files.ts";
import type { Notification } from "./notifications.ts";
import { TurnRequests } from "./turn-requests.ts";

export interface WaitOptions {
  /**
   * Aborting interrupts the turn on the server; the call rejects with a `TurnAbortedError`, or with
   * the signal's reason if the turn hadn't started.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Interrupts the turn if it hasn't ended in time; the call rejects with a `TurnTimeoutError`, or
   * with a plain `RequestTimeoutError` if the turn hadn't started. In milliseconds. Default: no
   * limit.
   */
  readonly timeoutMs?: number | undefined;
}

/** The parts of the client that a turn needs; not public. */
export interface TurnInternals<Output> {
  readonly thread: ThreadState;
  readonly record: TurnRecord;
  readonly output: PreparedOutput<Output> | undefined;
  readonly files: LocalFiles;
  readonly pending: PendingRequests;
}

/** The pending requests of a turn and its sub-agents. */
export let requestsOf: (turn: Turn<unknown>) => TurnRequests;

/**
 * One turn: the agent's work on one input. It runs whether or not you read it, and is recorded from
 * its start: you can call `run()` and `stream()` at any time, during the turn or after it, and as
 * often as you like.
 */
export class Turn<Output = unknown> {
  readonly id: string;
  readonly threadId: string;
  readonly #internals: TurnInternals<Output>;
  #result: Promise<TurnResult<Output>> | undefined;

  static {
    requestsOf = (turn) => new TurnRequests(turn.#internals);
  }

  /**
   * Created by `Thread.turn`.
   * @internal
   */
  constructor(internals: TurnInternals<Output>) {
    this.id = internals.record.turnId;
    this.threadId = internals.record.threadId;
    this.#internals = internals;
  }

  /**
   * Yields the turn's notifications, from the first up to and including `turn/completed`. Each call
   * yields all of them, with these exceptions. Deltas that arrive faster than they are read are
   * joined; none is lost. If a notification replaces earlier ones, as `turn/diff/updated` does, a
   * late or slow reader gets only the newest. After a lost connection, the rest of an interrupted
   * text arrives as one delta when its item completes; if the completed text doesn't continue the
   * earlier deltas, no delta is added, and `item/completed` has the text. Leaving the loop doesn't
   * stop the turn; aborting the signal does.
   * @throws TransportClosedError if the connection ends before the turn.
   * @throws TurnTimeoutError after `timeoutMs`, TurnAbortedError if the signal aborts: both have the
   *   partial `result`.
   *
   * @example
   * for await (const { method, params } of turn.stream()) {
   *   if (method === "item/agentMessage/delta") process.stdout.write(params.delta);
   * }
   */
  stream(options: WaitOptions = {}): AsyncGenerator<Notification, undefined> {
    checkCall("wait", "stream", options);
    const reader = this.#internals.record.read() as AsyncGenerator<Notification, undefined>;
    return this.#limited(reader, options);
  }

  /**
   * Yields only the text of the assistant's messages, as it arrives. Takes the same options and
   * throws the same errors as `stream`.
   */
  textStream(options: WaitOptions = {}): AsyncGenerator<string, undefined> {
    checkCall("wait", "textStream", options);
    return this.#limited(this.#internals.record.readText(), options);
  }

  /**
   * Waits for the turn to end, and resolves with its result whether it completed, failed or was
   * interrupted; see `TurnResult.throwIfFailed`.
   * @throws OutputValidationError if the answer doesn't match the turn's `outputSchema`.
   * @throws TransportClosedError if the connection ends before the turn.
   * @throws TurnTimeoutError after `timeoutMs`, TurnAbortedError if the signal aborts: both have the
   *   partial `result`.
   */
  run(options: WaitOptions = {}): Promise<TurnResult<Output>> {
    return forCaller(this.run, () => this.#wait(options));
  }

  async #wait(options: WaitOptions): Promise<TurnResult<Output>> {
    checkCall("wait", "run", options);
    this.#result ??= this.#conclude();
    this.#result.catch(() => {});
    using limit = this.#limit(options);
    try {
      return await orAborted(this.#result, limit.signal);
    } catch (error) {
      if (!limit.signal?.aborted) throw error;
      this.#stop();
      throw error === limit.signal.reason ? givenUp(this.#internals.record, error) : error;
    }
  }

  #limited<T>(
    reader: AsyncGenerator<T, undefined>,
    options: WaitOptions,
  ): AsyncGenerator<T, undefined> {
    const limit = this.#limit(options);
    if (limit.signal === undefined) return reader;
    const { record } = this.#internals;
    return new LimitedReader(reader, {
      limit,
      onAbort: () => this.#stop(),
      ended: record.ending,
      failure: (reason) => givenUp(record, reason),
    });
  }

  /** The limit of a wait. It has no effect on a turn whose end is known here. */
  #limit({ signal, timeoutMs }: WaitOptions): Deadline {
    if (this.#internals.record.hasOutcome) return deadline(undefined, undefined, turnTimeUp);
    return deadline(signal, timeoutMs, turnTimeUp);
  }

  #stop(): void {
    const { thread, record } = this.#internals;
    if (record.isOwn) interruptOwn(thread, record);
    else interruptQuietly(thread, record);
  }

  /**
   * Adds input to the running turn: `turn/steer`.
   * @throws CodexError if the turn has ended.
   */
  steer(input: Input, options: RequestOptions = {}): Promise<TurnSteerResponse> {
    const { thread, record, files } = this.#internals;
    return forCaller(this.steer, async () => {
      const own = ownCopy(input);
      checkCall("request", "steer", options);
      return threadCall(thread, "steer", "turn/steer", options, async (limits) => {
        const wireInput = await prepareInput(own, files.inputOptions(thread, undefined, limits));
        return steerTurn(thread, record, wireInput, limits);
      });
    });
  }

  /**
   * Stops the turn, the commands that it runs and its sub-agents: `turn/interrupt`,
   * `thread/backgroundTerminals/terminate`. Resolves immediately if the turn has ended. The server
   * can't stop a running tool; this program's tools are notified through their `signal`.
   */
  interrupt(options: InterruptOptions = {}): Promise<TurnInterruptResponse> {
    const { thread, record } = this.#internals;
    return forCaller(this.interrupt, async () => {
      checkCall("interrupt", "interrupt", options);
      return interruptTurn(thread, record, options);
    });
  }

  async #conclude(): Promise<TurnResult<Output>> {
    const { record, output } = this.#internals;
    const state = await record.outcome;
    const result = new TurnResult<Output>(record, state);
    if (output === undefined || state.status !== "completed") return result;
    const parsed = await output.parse(state.text);
    if (parsed.issues) throw new OutputValidationError(result, parsed.issues);
    return new TurnResult(record, state, parsed.value);
  }
}

export function turnTimeUp(timeoutMs: number): RequestTimeoutError {
  const message = `The turn didn't end within ${timeoutMs} ms`;
  return new RequestTimeoutError(WHOLE_TURN, timeoutMs, message);
}
