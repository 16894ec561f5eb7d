import { checkCall } from "../../client/check-calls.ts";
import type { Notification } from "../../client/notifications.ts";
import { CodexError } from "../../errors/errors.ts";
import { FleetTurnError } from "../../errors/fleet-errors.ts";
import type { Input } from "../../input/input.ts";
import type { PreparedOutput } from "../../input/output-schema.ts";
import type { TurnSteerResponse } from "../../protocol/index.ts";
import type { Schedule } from "../../timeline/schedule.ts";
import { OutputValidationError, TurnResult } from "../../turn/result.ts";
import { either } from "../../util/abort.ts";
import { Leavable } from "../../util/leavable.ts";
import { ownCopy } from "../../util/own-copy.ts";
import { type EventId, parseEventId } from "../event-log.ts";
import type { TurnToRead } from "../turn-context.ts";
import type { Ending } from "../wire.ts";
import { cancelled } from "./cancelled.ts";
import { sendCommand } from "./commands.ts";
import type { FleetContext } from "./context.ts";
import { FleetTimeline } from "./fleet-timeline.ts";
import { portableInput } from "./portable-input.ts";
import { type Shown, shownTurn } from "./read-shown.ts";
import { endingOf, type FleetEvent, readTurn, requireTurn } from "./read-turn.ts";
import { FleetRequests } from "./requests.ts";
import { type FleetWaitOptions, waiting, waitLimit } from "./wait.ts";

export interface FleetStreamOptions extends FleetWaitOptions {
  /** The id of an event: only later ones are yielded. Default: all. */
  readonly after?: string | undefined;
}

export interface FleetTimelineOptions extends FleetWaitOptions {
  /** Schedules the calls to subscribers. Default: at the end of the event loop's iteration. */
  readonly schedule?: Schedule | undefined;
}

/** The phase of a turn: it waits for a worker, is running, or has ended. */
export type FleetTurnPhase = "queued" | "running" | "ended";

/**
 * A turn of a fleet, wherever it runs. Any number of processes can read it, while it runs and for as long
 * as ended turns are kept.
 */
export class FleetTurn<Output = unknown> {
  /** The turn's id in the fleet, which any process can pass to `fleet.turn()`. */
  readonly id: string;
  /** The pending requests of this turn. */
  readonly requests: FleetRequests;
  readonly #context: FleetContext;
  readonly #place: TurnToRead;
  readonly #output: PreparedOutput<Output> | undefined;

  /**
   * Created by `Fleet.run` and `Fleet.turn`.
   * @internal
   */
  constructor(
    context: FleetContext,
    id: string,
    { output, key }: { output?: PreparedOutput<Output> | undefined; key?: string } = {},
  ) {
    this.id = id;
    this.#place = { turn: id, key };
    this.#context = context;
    this.#output = output;
    this.requests = new FleetRequests(context, this.#place);
  }

  /**
   * Waits for the turn to end, and resolves with its result whether it completed, failed or was
   * interrupted; see `TurnResult.throwIfFailed`. An abort or a timeout ends only the wait.
   * @throws FleetTurnError if no worker could run the turn, or several were lost while they ran it.
   * @throws UnknownTurnError if the fleet has no such turn, or no longer has it.
   * @throws OutputValidationError if the answer doesn't match the `outputSchema` given to `fleet.run`.
   * @throws RequestTimeoutError after `timeoutMs`, or the signal's reason.
   */
  async run(options: FleetWaitOptions = {}): Promise<TurnResult<Output>> {
    checkCall("wait", "run", options);
    const ending = await this.#waiting("", options, (signal) =>
      endingOf(this.#context, this.#place, signal),
    );
    return this.#resultOf(ending);
  }

  /**
   * Yields the turn's notifications, from the first up to and including `turn/completed`, each with
   * an `id`: pass it as `after` to continue from there. A turn that is retried after its worker was
   * lost yields the notifications of every attempt.
   * @throws FleetTurnError, UnknownTurnError, RequestTimeoutError, like `run()`.
   *
   * @example
   * const fleet = new Fleet({ connection: "redis://127.0.0.1:6379" });
   * for await (const { id, method, params } of fleet.turn("payment_1").stream()) {
   *   if (method === "item/agentMessage/delta") console.log(id, params.delta);
   * }
   */
  stream(options: FleetStreamOptions = {}): AsyncGenerator<FleetEvent<Notification>, undefined> {
    const { after, ...wait } = options;
    checkCall("wait", "stream", wait);
    const from = after === undefined ? undefined : parseEventId(after);
    return new Leavable((left) => this.#read(from, wait, left));
  }

  async *#shown(wait: FleetWaitOptions, left: AbortSignal): AsyncGenerator<Shown, undefined> {
    using limit = waitLimit(`turn ${this.id}`, this.#context.closed, wait);
    using both = either(limit.signal, left);
    const ending = yield* shownTurn(this.#context, this.#place, both.signal);
    if (ending) this.#failIf(ending);
    return undefined;
  }

  async *#read(
    from: EventId | undefined,
    wait: FleetWaitOptions,
    left: AbortSignal,
  ): AsyncGenerator<FleetEvent<Notification>, undefined> {
    using limit = waitLimit(`turn ${this.id}`, this.#context.closed, wait);
    using both = either(limit.signal, left);
    const events = readTurn(this.#context, this.#place, from, both.signal);
    this.#failIf(yield* events as AsyncGenerator<FleetEvent<Notification>, Ending>);
    return undefined;
  }

  /**
   * Resolves with the turn in a form that is ready to render, kept up to date until the turn ends.
   * Close it when it is no longer shown.
   */
  async timeline(options: FleetTimelineOptions = {}): Promise<FleetTimeline> {
    const { schedule, ...wait } = options;
    await this.#waiting("", wait, () => requireTurn(this.#context, this.id));
    const read = (signal: AbortSignal) => this.#shown(wait, signal);
    return FleetTimeline.ofTurn(read, { schedule });
  }

  /**
   * Adds input to the running turn: `turn/steer`. Resolves when the turn's worker has sent the input.
   * @throws CodexError if the turn has ended or hasn't started.
   */
  async steer(input: Input, options: FleetWaitOptions = {}): Promise<TurnSteerResponse> {
    checkCall("wait", "steer", options);
    const own = ownCopy(input);
    const outcome = await this.#waiting(": steer", options, async (signal) => {
      if ((await this.phase()) === "queued")
        throw new CodexError(`Turn ${this.id} can't be steered yet: it is waiting for a worker`);
      const command = { type: "steer", input: await portableInput(own) } as const;
      return sendCommand(this.#context, this.#place, command, { signal });
    });
    if (outcome === "ended") throw new CodexError(`Turn ${this.id} can't be steered: it has ended`);
    return outcome.value as TurnSteerResponse;
  }

  /**
   * Interrupts the turn: `turn/interrupt`. A turn that waits for a worker ends immediately, without
   * running. Resolves when the worker has stopped the turn, or if the turn had already ended.
   */
  async interrupt(options: FleetWaitOptions = {}): Promise<void> {
    checkCall("wait", "interrupt", options);
    await this.#waiting(": interrupt", options, async (signal) => {
      if ((await cancelled(this.#context, this.id)) === "ended") return;
      await sendCommand(this.#context, this.#place, { type: "interrupt" }, { signal });
    });
  }

  /**
   * Resolves with the turn's current phase.
   * @throws UnknownTurnError if the fleet has no such turn.
   */
  async phase(): Promise<FleetTurnPhase> {
    const { redis, keys } = this.#context;
    const phase = await redis.client.hget(keys.turn(this.id), "phase");
    if (phase == null) await requireTurn(this.#context, this.id);
    if (phase === "ended") return "ended";
    return phase == null || phase === "queued" ? "queued" : "running";
  }

  #waiting<T>(
    what: string,
    options: FleetWaitOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return waiting(`turn ${this.id}${what}`, this.#context.closed, options, work);
  }

  #failIf(ending: Ending): void {
    if (ending.kind === "error") throw new FleetTurnError(this.id, ending.reason, ending.message);
  }

  async #resultOf(ending: Ending): Promise<TurnResult<Output>> {
    if (ending.kind === "error") throw new FleetTurnError(this.id, ending.reason, ending.message);
    const { threadId, turnId, state } = ending;
    const result = new TurnResult<Output>({ threadId, turnId }, state);
    if (this.#output === undefined || state.status !== "completed") return result;
    const parsed = await this.#output.parse(state.text);
    if (parsed.issues) throw new OutputValidationError(result, parsed.issues);
    return new TurnResult({ threadId, turnId }, state, parsed.value);
  }
}
