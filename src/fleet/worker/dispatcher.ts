import { CodexWarning } from "../../errors/warning.ts";
import type { Tool } from "../../input/tool.ts";
import { messageOf } from "../../util/describe.ts";
import { FencedError } from "../errors.ts";
import { jobOf, promote, type TurnQueue } from "../queue.ts";
import type { Ending, JobData, TurnOrder } from "../wire.ts";
import { remoteTool } from "./caller-tools.ts";
import {
  type Claim,
  type ClaimLimits,
  claimTurn,
  type Parked,
  type TurnJob,
  turnJob,
} from "./claim.ts";
import type { WorkerContext } from "./context.ts";
import { EventWriter, type NextTurns } from "./event-writer.ts";
import { HandedOver } from "./handed-over.ts";
import type { ThreadSettings } from "./local-threads.ts";
import { observedRun } from "./observed-run.ts";
import { newNonce, TurnRunner } from "./turn-runner.ts";

/** How long a job waits before it is tried again, after a failure that its turn didn't cause. */
const RETRY_MS = 1_000;
/** How long the job of the thread's first turn can be missing: it may still be on its way. */
const SUBMIT_GRACE_MS = 60_000;

/** A job that was delivered to this worker. */
export interface Delivery {
  readonly turn: string;
  readonly data: JobData;
  /** The time from which it could run. */
  readonly dueAt: number;
  /** Whether the turn can be left to the worker that has its thread loaded. */
  readonly mayYield: boolean;
  /** Makes BullMQ deliver the job again after a time, to any worker. */
  park(delayMs: number): Promise<void>;
}

/** "done" if the job needs nothing more, "parked" if it will be delivered again. */
export type Outcome = "done" | "parked";

/** Limits of the whole fleet, the same for every worker. */
export interface DispatchLimits extends Omit<ClaimLimits, "tenantTurns"> {
  readonly tenantTurns: (tenant: string) => number;
}

/** Decides what happens to each delivered job, and runs the turns that this worker can claim. */
export class Dispatcher {
  readonly #context: WorkerContext;
  readonly #queue: TurnQueue;
  readonly #limits: DispatchLimits;
  /** The turns that are running here. */
  readonly #running = new Map<string, { runner: TurnRunner; ended: Promise<Outcome> }>();
  readonly #open = new Set<Promise<Outcome>>();

  constructor(context: WorkerContext, queue: TurnQueue, limits: DispatchLimits) {
    this.#context = context;
    this.#queue = queue;
    this.#limits = limits;
  }

  get runners(): readonly TurnRunner[] {
    return [...this.#running.values()].map(({ runner }) => runner);
  }

  /** The number of jobs without an outcome: their turns are running here, or are being claimed. */
  get open(): number {
    return this.#open.size;
  }

  /** Resolves when every job that was delivered so far has an outcome. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  deliver(delivery: Delivery): Promise<Outcome> {
    const outcome = this.#deliver(delivery).finally(() => this.#open.delete(outcome));
    this.#open.add(outcome);
    return outcome;
  }

  async #deliver(delivery: Delivery): Promise<Outcome> {
    const here = this.#running.get(delivery.turn);
    if (here) return this.#again(delivery, here.ended);
    const turn = turnJob(delivery.turn, delivery.data);
    let claim: Claim | Parked | "ended";
    try {
      claim = await this.#claim(turn, delivery.mayYield);
    } catch (cause) {
      this.#noted(cause);
      return parked(delivery, RETRY_MS);
    }
    if (claim === "ended") return this.#wakeNext(turn);
    if ("reason" in claim) return this.#park(delivery, turn, claim);
    return this.#run(delivery, turn, claim);
  }

  /**
   * Handles a job that BullMQ delivers again because it couldn't renew the job's lock. Only the new
   * delivery can then park the job; the earlier one fails if it tries.
   */
  async #again(delivery: Delivery, ended: Promise<Outcome>): Promise<Outcome> {
    const outcome = await ended.catch((): Outcome => "parked");
    return outcome === "parked" ? parked(delivery, RETRY_MS) : outcome;
  }

  /** The tools of a thread: this worker's tools, by name, and the caller's tools. */
  toolsOf({ key }: TurnJob, { tools, callerTools }: ThreadSettings): readonly Tool[] {
    const own = tools.map((name) => {
      const tool = this.#context.tools.get(name);
      if (tool) return tool;
      throw new TypeError(`Worker ${this.#context.id} has no tool ${name}`);
    });
    const remote = callerTools.map((spec) =>
      remoteTool(spec, async (args, context) => {
        const runner = this.runners.find(({ job }) => job.key === key);
        const result = await runner?.callTool(spec.name, args, context);
        if (result) return result;
        throw new Error(`Tool ${spec.name} was called outside a turn`);
      }),
    );
    return [...own, ...remote];
  }

  #claim(turn: TurnJob, mayYield: boolean): Promise<Claim | Parked | "ended"> {
    const { redis, id: worker } = this.#context;
    const limits = { ...this.#limits, tenantTurns: this.#limits.tenantTurns(turn.tenant) };
    return claimTurn(redis, turn, { worker, nonce: newNonce(), mayYield }, limits);
  }

  async #run(delivery: Delivery, turn: TurnJob, claim: Claim): Promise<Outcome> {
    let runner: TurnRunner;
    try {
      const order = this.#context.codec.decode(
        delivery.data.order,
        `order ${turn.key}`,
      ) as TurnOrder;
      const { onWorkerLost } = delivery.data;
      runner = new TurnRunner(this.#context, turn, claim, { order, onWorkerLost });
    } catch (error) {
      return this.#end(turn, claim, {
        ...{ kind: "error", reason: "couldNotRun", message: messageOf(error) },
      });
    }
    const ended = observedRun(this.#context, { turn, claim, delivery }, () => runner.run())
      .then((next) => this.#wake(next))
      .catch((cause) => this.#gaveUp(delivery, runner, cause))
      .finally(() => this.#running.delete(turn.turn));
    this.#running.set(turn.turn, { runner, ended });
    return ended;
  }

  /** Ends a turn without running it. */
  async #end(turn: TurnJob, claim: Claim, ending: Ending): Promise<Outcome> {
    const { redis, codec, keepMs } = this.#context;
    const writer = new EventWriter(redis, codec, turn, claim);
    return this.#wake(await writer.finish(ending, keepMs));
  }

  /** Parks the job of a turn that hasn't ended: the turn runs again when the job is delivered again. */
  async #gaveUp(delivery: Delivery, runner: TurnRunner, cause: unknown): Promise<Outcome> {
    if (cause instanceof FencedError) {
      const message = `${cause.message}: this worker was presumed lost, and its work on the turn is discarded`;
      this.#context.warn(new CodexWarning("FLEET_TURN_TAKEN_OVER", message, { cause }));
      return parked(delivery, RETRY_MS);
    }
    if (!(cause instanceof HandedOver)) this.#noted(cause);
    const { rate } = this.#limits;
    await runner.release(cause, rate.max > 0 ? rate.durationMs : 0);
    return parked(delivery, cause instanceof HandedOver ? cause.delayMs : RETRY_MS);
  }

  /**
   * Parks the job until its turn can run. What makes the turn ready, such as the end of the turn before it, promotes
   * the job. If that happened just before the job was parked, the job is promoted here.
   */
  async #park(delivery: Delivery, turn: TurnJob, wait: Parked): Promise<Outcome> {
    if (wait.head !== undefined) await this.#endIfLost(wait.head);
    await delivery.park(wait.delayMs);
    const { tenantTurns, rate } = this.#limits;
    const limits = [tenantTurns(turn.tenant), rate.max];
    const { redis } = this.#context;
    const isReady = await redis.run("ready", turn.turn, turn.key, turn.tenant, ...limits);
    if (isReady === 1) await promote(this.#queue, turn.turn);
    return "parked";
  }

  /** Ends a turn whose job was removed while other turns wait for it. */
  async #endIfLost(id: string): Promise<void> {
    const { redis, keys } = this.#context;
    if (this.#running.has(id)) return;
    const [phase, at, key, tenant] = await redis.client.hmget(
      keys.turn(id),
      ...["phase", "at", "thread", "tenant"],
    );
    if (phase == null || key == null || tenant == null) return;
    if ((await redis.now()) - Number(at) < SUBMIT_GRACE_MS) return;
    if (await jobOf(this.#queue, id)) return;
    const turn = { turn: id, key, tenant, thread: key.slice(tenant.length + 1) };
    const claim = await this.#claim(turn, false);
    if (claim === "ended" || "reason" in claim) return;
    const message = "its job was removed from the queue";
    await this.#end(turn, claim, { kind: "error", reason: "jobRemoved", message });
  }

  /** Promotes the next turns again. The worker that ended this turn may have been lost before it did so. */
  async #wakeNext({ key, tenant }: TurnJob): Promise<Outcome> {
    const next = (await this.#context.redis.run("next", key, tenant)) as string[];
    const [ofThread = "", ofTenant = ""] = next;
    return this.#wake({ ofThread, ofTenant });
  }

  async #wake({ ofThread, ofTenant }: NextTurns): Promise<Outcome> {
    for (const turn of new Set([ofThread, ofTenant])) {
      if (turn !== "" && !this.#running.has(turn)) await promote(this.#queue, turn);
    }
    return "done";
  }

  #noted(cause: unknown): void {
    const message = `Worker ${this.#context.id} will retry after an error: ${messageOf(cause)}`;
    this.#context.warn(new CodexWarning("FLEET_RETRY", message, { cause }));
  }
}

async function parked(delivery: Delivery, delayMs: number): Promise<Outcome> {
  await delivery.park(delayMs);
  return "parked";
}
