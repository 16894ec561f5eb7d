import { randomUUID } from "node:crypto";
import type { Codex } from "../../client/codex.ts";
import type { Turn } from "../../client/turn.ts";
import type { TurnInput, TurnOptions } from "../../client/turn-params.ts";
import { CodexError } from "../../errors/errors.ts";
import type { Input } from "../../input/input.ts";
import type { ToolContext } from "../../input/tool.ts";
import type { DynamicToolCallResponse, JsonValue } from "../../protocol/index.ts";
import type { Notification } from "../../rpc/messages.ts";
import { startedAgents } from "../../timeline/item-entry.ts";
import { OutputValidationError, type TurnResult } from "../../turn/result.ts";
import { onAbort } from "../../util/abort.ts";
import { messageOf } from "../../util/describe.ts";
import { FencedError } from "../errors.ts";
import { NOTHING_DONE } from "../nothing-done.ts";
import type { ControlCommand, Ending, OnWorkerLost, TurnOrder } from "../wire.ts";
import { CallerTools } from "./caller-tools.ts";
import type { Claim, TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";
import { earlierEnding, findEarlier, readEvents } from "./earlier.ts";
import { EventWriter, fenced, type NextTurns } from "./event-writer.ts";
import { stateOf } from "./fold-turn.ts";
import { HandedOver } from "./handed-over.ts";
import { InterruptWatch } from "./interrupt-watch.ts";
import { type LocalThread, withTurnSettings } from "./local-threads.ts";
import { addLostInput, startAgain } from "./lost-input.ts";
import { SaveLoop } from "./save-loop.ts";
import { TurnControl } from "./turn-control.ts";
import { TurnRequests } from "./turn-requests.ts";

/** Thrown if the turn was interrupted before it reached the model. */
class InterruptedEarly extends Error {
  override name = "InterruptedEarly";
}

/** Runs one claimed turn, from loading its thread to writing its ending. */
export class TurnRunner {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #claim: Claim;
  readonly #order: TurnOrder;
  readonly #onWorkerLost: OnWorkerLost;
  readonly #writer: EventWriter;
  readonly #abort = new AbortController();
  #local: LocalThread | undefined;
  #turn: Turn<unknown> | undefined;
  #isInterrupted: boolean;
  /** Whether the turn can't have reached the model yet, here or on an earlier worker. */
  #isUnsent: boolean;
  #watch: InterruptWatch | undefined;
  #callerTools: CallerTools | undefined;
  #requests: TurnRequests | undefined;

  constructor(
    context: WorkerContext,
    job: TurnJob,
    claim: Claim,
    work: { readonly order: TurnOrder; readonly onWorkerLost: OnWorkerLost },
  ) {
    this.#context = context;
    this.#job = job;
    this.#claim = claim;
    this.#order = work.order;
    this.#onWorkerLost = work.onWorkerLost;
    this.#isInterrupted = claim.isInterrupted;
    this.#isUnsent = claim.phase === "queued" || claim.phase === "claimed";
    this.#writer = new EventWriter(context.redis, context.codec, job, claim);
  }

  get job(): TurnJob {
    return this.#job;
  }

  /**
   * Runs the turn to its end.
   * @throws FencedError if another worker has claimed the thread; nothing of this run is then kept.
   * @throws HandedOver after `handOver()`.
   */
  async run(): Promise<NextTurns & { readonly ending: Ending }> {
    try {
      const ending = await this.#ending();
      const next = await this.#writer.finish(ending, this.#context.keepMs);
      if (ending.kind === "error" || this.#isUnsent) await this.#discard();
      else if (this.#local) {
        await this.#context.threads.keep(this.#job, this.#claim, this.#local);
      }
      return { ...next, ending };
    } catch (error) {
      await this.#discard();
      throw error;
    }
  }

  /** Stops everything and reports nothing, because another worker has claimed the thread. */
  fence(): void {
    this.#abort.abort(fenced(this.#job.turn));
  }

  /**
   * Called when the worker stops. Leaves the turn to another worker if it hasn't reached the model, or if its `onWorkerLost` is
   * "retry". Otherwise interrupts it.
   */
  handOver(): void {
    const isLeft = this.#isUnsent || this.#onWorkerLost === "retry";
    if (isLeft) this.#abort.abort(new HandedOver("The worker is stopping"));
    else this.interrupt();
  }

  /** Interrupts the turn. If it hasn't reached the model, it ends without waiting for its server or its workspace. */
  interrupt(): void {
    this.#isInterrupted = true;
    if (this.#isUnsent) this.#abort.abort(new InterruptedEarly("The turn was interrupted"));
    this.#turn?.interrupt().catch(() => {});
  }

  /** Extends the right to run the turn. */
  async renew(lockMs: number): Promise<void> {
    const { turn, key, tenant } = this.#job;
    const isOwner = await this.#context.redis.run(
      "renew",
      ...[turn, key, tenant, this.#claim.epoch, lockMs],
    );
    if (isOwner !== 1) this.fence();
  }

  /**
   * Gives up the right to run the turn, so that another worker needn't wait for its end. A turn that hasn't started
   * doesn't count as one of the starts in this window.
   */
  async release(cause: unknown, windowMs: number): Promise<void> {
    const { turn, key, tenant } = this.#job;
    const isLeft = cause instanceof HandedOver && !cause.isFailure;
    await this.#context.redis.run(
      "release",
      ...[turn, key, tenant, this.#claim.epoch],
      ...[isLeft ? "1" : "0", this.#isUnsent ? windowMs : 0],
    );
  }

  async callTool(
    name: string,
    args: JsonValue,
    context: ToolContext,
  ): Promise<DynamicToolCallResponse | undefined> {
    return this.#callerTools?.call(name, args, context);
  }

  async #ending(): Promise<Ending> {
    const { losses } = this.#claim;
    if (this.#isInterrupted && this.#isUnsent) return interruptedBeforeStart(this.#job);
    if (losses >= this.#context.maxAttempts) {
      const message = `${losses} workers were lost while they ran it, so it isn't retried`;
      return { kind: "error", reason: "workersLost", message };
    }
    using watch = new InterruptWatch(this.#context, this.#job, () => this.interrupt());
    this.#watch = watch;
    try {
      const { servers } = this.#context;
      const { signal } = this.#abort;
      return await servers.use(this.#job.tenant, (codex) => this.#withServer(codex), { signal });
    } catch (error) {
      const { aborted, reason } = this.#abort.signal;
      if (reason instanceof InterruptedEarly) return interruptedBeforeStart(this.#job);
      if (aborted) throw reason;
      if (error instanceof FencedError || error instanceof HandedOver) throw error;
      return { kind: "error", reason: "couldNotRun", message: messageOf(error) };
    }
  }

  async #withServer(codex: Codex): Promise<Ending> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    await this.#context.homes.claim(codex);
    const workspace = await this.#context.workspaces.prepare(this.#job, signal);
    try {
      signal.throwIfAborted();
      const { threads } = this.#context;
      const { cwd } = workspace;
      const local = await threads.load(codex, this.#job, this.#claim, this.#order, cwd);
      this.#local = local;
      signal.throwIfAborted();
      return (await this.#earlierEnding(local, cwd)) ?? (await this.#runOn(this.#local, cwd));
    } finally {
      await workspace.dispose();
    }
  }

  /** How the turn ended on an earlier worker; undefined if this worker must run it. */
  async #earlierEnding(local: LocalThread, cwd: string | undefined): Promise<Ending | undefined> {
    const { previousWorker } = this.#claim;
    const { turn } = this.#job;
    // The store is checked too, because Redis may have lost its last second of writes.
    const isSaved = local.saved?.turn === turn;
    if (this.#isUnsent && !isSaved) return undefined;
    const found = await findEarlier(local.thread, turn);
    const isOver = found?.status === "completed" || found?.status === "failed";
    if (!isOver && this.#onWorkerLost === "retry" && !this.#isInterrupted) {
      if (found || isSaved) this.#local = await this.#reset(local, cwd);
      return undefined;
    }
    const events = await readEvents(this.#context, this.#job);
    const ended = earlierEnding({ found, events, threadId: local.thread.id, previousWorker, turn });
    if (!isOver && (found || !isSaved)) {
      await addLostInput(this.#context, this.#job, local, this.#order.input, found);
    }
    for (const event of ended.missed) await this.#writer.write(event);
    this.#writer.hold(ended.end);
    await this.#save(local, true);
    return ended.ending;
  }

  #reset(local: LocalThread, cwd: string | undefined): Promise<LocalThread> {
    return this.#context.threads.reset(local, this.#job, this.#claim, this.#order, cwd);
  }

  async #runOn(loaded: LocalThread, cwd: string | undefined): Promise<Ending> {
    const local = withTurnSettings(loaded, this.#order.turnOptions);
    this.#local = local;
    const { codex, thread } = local;
    const { signal } = this.#abort;
    using requests = new TurnRequests(this.#context, this.#job, this.#claim, {
      codex,
      thread,
    });
    this.#requests = requests;
    const { caller, callerTools: tools } = this.#order;
    this.#callerTools = new CallerTools(this.#context, { caller, tools }, requests);
    const start = async (input: TurnInput) => {
      signal.throwIfAborted();
      this.#isUnsent = false;
      // From now on, the turn reads its commands.
      this.#watch?.[Symbol.dispose]();
      await this.#mark("phase", "sent");
      return (await thread.turn(input, {
        ...(this.#order.turnOptions as TurnOptions<undefined>),
        ...(cwd === undefined ? {} : { cwd }),
        clientUserMessageId: this.#job.turn,
        signal,
      })) as Turn<unknown>;
    };
    const input = this.#order.input as TurnInput;
    const isFirst = this.#claim.attempts === 1;
    const turn = await (isFirst
      ? start(input)
      : startAgain(this.#context, this.#job, input, start));
    this.#turn = turn;
    if (this.#isInterrupted) this.interrupt();
    const stop = onAbort(signal, () => void turn.interrupt().catch(() => {}));
    using _control = new TurnControl(this.#context, this.#job, (command) => this.#apply(command));
    const saves = new SaveLoop((isLast) => this.#save(local, isLast));
    try {
      for await (const event of turn.stream()) {
        signal.throwIfAborted();
        if (event.method === "turn/completed") this.#writer.hold(event as Notification);
        else await this.#writer.write(event as Notification);
        this.#follow(event as Notification, local, turn, saves);
      }
      const result = await resultOf(turn);
      signal.throwIfAborted();
      await saves.finish();
      return {
        kind: "result",
        threadId: result.threadId,
        turnId: result.turnId,
        state: stateOf(result),
      };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FencedError) throw error;
      // The server was lost with the turn. Its history may still be there.
      saves.stop();
      await this.#save(local, false).catch(() => {});
      const message = `The server lost the turn: ${messageOf(error)}`;
      throw new HandedOver(message, { cause: error, isFailure: true });
    } finally {
      stop();
      saves.stop();
    }
  }

  #save(local: LocalThread, isSettled: boolean): Promise<void> {
    return this.#context.threads.save(this.#job, this.#claim, local, isSettled);
  }

  #follow(
    { method, params }: Notification,
    { agents }: LocalThread,
    turn: Turn<unknown>,
    saves: SaveLoop,
  ): void {
    const { item } = params as { item?: Readonly<Record<string, unknown>> };
    if (item && startedAgents(item).length > 0) agents.started();
    if (method === "item/started" && item?.type === "userMessage") {
      // Once it is saved, another worker finds the turn in the history.
      saves.request();
      this.#mark("phase", "running", "codexTurn", turn.id).catch(() => {});
    }
    if (method === "item/completed") saves.request();
  }

  async #mark(...fields: readonly string[]): Promise<void> {
    const { turn, key } = this.#job;
    const { redis } = this.#context;
    const isOwner = await redis.persist(() =>
      redis.run("mark", turn, key, this.#claim.epoch, ...fields),
    );
    if (isOwner !== 1) throw fenced(turn);
  }

  async #apply(command: ControlCommand): Promise<unknown> {
    switch (command.type) {
      case "interrupt":
        this.#isInterrupted = true;
        await this.#turn?.interrupt();
        return undefined;
      case "steer":
        if (!this.#turn) throw new CodexError(`Turn ${this.#job.turn} hasn't started yet`);
        return this.#turn.steer(command.input as Input);
      case "answer":
        return this.#requests?.answer(command.requestId, command.optionId, command.content);
      case "toolResult":
        this.#callerTools?.settle(command.callId, command.result);
        return undefined;
    }
  }

  /** Discards this worker's copy of the thread, because it no longer has the newest state. */
  async #discard(): Promise<void> {
    const local = this.#local;
    this.#local = undefined;
    if (!local) return;
    await this.#context.threads.discard(this.#job, this.#claim, local).catch(() => {});
  }
}

/** The turn's result, even if its text doesn't match the schema: the submitting process reports that. */
async function resultOf(turn: Turn<unknown>): Promise<TurnResult> {
  try {
    return await turn.run();
  } catch (error) {
    if (error instanceof OutputValidationError) return error.result;
    throw error;
  }
}

function interruptedBeforeStart({ turn, thread }: TurnJob): Ending {
  return { kind: "result", threadId: thread, turnId: turn, state: NOTHING_DONE };
}

/** The id of a claim, so that a repeated command doesn't claim twice. */
export function newNonce(): string {
  return randomUUID();
}
