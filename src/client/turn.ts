import { forCaller } from "../errors/at-caller.ts";
import { RequestTimeoutError } from "../errors/errors.ts";
import type { Input } from "../input/input.ts";
import type { PreparedOutput } from "../input/output-schema.ts";
import { prepareInput } from "../input/prepare-input.ts";
import type { TurnInterruptResponse, TurnSteerResponse } from "../protocol/index.ts";
import { type InterruptOptions, interruptTurn, steerTurn } from "../thread/stop-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { OutputValidationError, TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import type { LocalFiles } from "./local-files.ts";
import type { Notification } from "./notifications.ts";

export interface WaitOptions {
  /** Aborting interrupts the turn on the server; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Interrupts the turn when it has not ended by then. In milliseconds; default none. */
  readonly timeoutMs?: number | undefined;
}

/** What a turn needs from its client; not part of the public surface. */
export interface TurnInternals<Output> {
  readonly thread: ThreadState;
  readonly record: TurnRecord;
  readonly output: PreparedOutput<Output> | undefined;
  readonly files: LocalFiles;
}

/**
 * One turn: the agent's work on one input. It runs on the server whether or not anybody reads it;
 * its result is collected all the time, so that `run()` and `stream()` work before, during and
 * after it, in any number.
 */
export class Turn<Output = unknown> {
  readonly id: string;
  readonly threadId: string;
  readonly #internals: TurnInternals<Output>;
  #result: Promise<TurnResult<Output>> | undefined;

  /** Made by `Thread.turn`. */
  constructor(internals: TurnInternals<Output>) {
    this.id = internals.record.turnId;
    this.threadId = internals.record.threadId;
    this.#internals = internals;
  }

  /**
   * The turn's notifications, from the first up to and including `turn/completed`. Each call reads
   * all of them; leaving the loop early is fine. Deltas that come faster than they are read reach
   * the reader joined, none lost.
   * @throws TransportClosedError when the connection ends before the turn.
   */
  stream(): AsyncGenerator<Notification, undefined> {
    return this.#internals.record.read() as AsyncGenerator<Notification, undefined>;
  }

  /** Only the text of the assistant's messages, as it comes. */
  textStream(): AsyncGenerator<string, undefined> {
    return this.#internals.record.readText();
  }

  /**
   * Waits for the turn to end, and resolves with its result whether it completed, failed or was
   * interrupted; see `TurnResult.throwIfFailed`.
   * @throws OutputValidationError when the answer does not fit the turn's `outputSchema`.
   * @throws TransportClosedError when the connection ends before the turn.
   * @throws RequestTimeoutError when `timeoutMs` is over; the signal's reason when it aborts.
   */
  run(options: WaitOptions = {}): Promise<TurnResult<Output>> {
    return forCaller(this.run, () => this.#wait(options));
  }

  async #wait(options: WaitOptions): Promise<TurnResult<Output>> {
    this.#result ??= this.#conclude();
    this.#result.catch(() => {});
    const { record } = this.#internals;
    if (record.hasOutcome) return this.#result;
    using limit = deadline(options.signal, options.timeoutMs, turnTimeUp);
    try {
      return await orAborted(this.#result, limit.signal);
    } catch (error) {
      if (limit.signal?.aborted) this.interrupt().catch(() => {});
      throw error;
    }
  }

  /**
   * Adds input to the turn while it runs: `turn/steer`.
   * @throws CodexError when the turn has ended.
   */
  steer(input: Input, options: RequestOptions = {}): Promise<TurnSteerResponse> {
    const { thread, record, files } = this.#internals;
    return forCaller(this.steer, async () => {
      const wireInput = await prepareInput(input, files.inputOptions(thread, undefined));
      return steerTurn(thread, record, wireInput, options);
    });
  }

  /**
   * Stops the turn, the commands that it runs and its sub-agents: `turn/interrupt`,
   * `thread/backgroundTerminals/terminate`. Resolves at once when the turn has ended. What a tool of
   * an MCP server or of this program has begun can't be stopped by the server; tools of this program
   * learn of it by their `signal`.
   */
  interrupt(options: InterruptOptions = {}): Promise<TurnInterruptResponse> {
    const { thread, record } = this.#internals;
    return forCaller(this.interrupt, () => interruptTurn(thread, record, options));
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
  const message = `The turn did not end within ${timeoutMs} ms and was interrupted`;
  return new RequestTimeoutError("turn", timeoutMs, message);
}
