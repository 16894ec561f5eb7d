import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { DelayedError, type Job, Worker } from "bullmq";
import { warnerOf } from "../../client/options.ts";
import { CodexWarning, type Warn } from "../../errors/warning.ts";
import type { Tool } from "../../input/tool.ts";
import { within } from "../../util/abort.ts";
import { messageOf } from "../../util/describe.ts";
import { startTicking, type Timer } from "../../util/timer.ts";
import { FencedError } from "../errors.ts";
import { DEFAULT_KEEP_MS, openQueue, promote, type TurnQueue } from "../queue.ts";
import { Channels } from "../redis/channels.ts";
import { Codec } from "../redis/codec.ts";
import { FleetRedis } from "../redis/connection.ts";
import { RedisEventLog } from "../redis/event-log.ts";
import { Keys } from "../redis/keys.ts";
import type { Ending, JobData, TurnOrder, WorkerReport } from "../wire.ts";
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
import { LocalThreads, type ThreadSettings } from "./local-threads.ts";
import { checkWorkerOptions, type FleetWorkerOptions } from "./options.ts";
import { oneServer } from "./servers.ts";
import { ThreadArchive } from "./thread-archive.ts";
import { HandedOver, newNonce, TurnRunner } from "./turn-runner.ts";
import { Workspaces } from "./workspaces.ts";

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_LOCK_MS = 30_000;
const DEFAULT_MAX_ATTEMPTS = 5;
const DEFAULT_WARM_THREADS = 100;
/** How long a job waits before it is tried again that failed for no reason of its own. */
const RETRY_MS = 1_000;
/** Turns are counted by their claims, so BullMQ must not give up a job that was stalled. */
const ANY_NUMBER = 1_000_000;
/** How long a job may be missing that comes before others: it may be on its way. */
const SUBMIT_GRACE_MS = 60_000;

export interface CloseWorkerOptions {
  /**
   * How long turns may run on, in milliseconds. Then a turn is interrupted, or with `onWorkerLost:
   * "retry"` left to another worker. Default 30,000.
   */
  readonly deadlineMs?: number | undefined;
}

/**
 * Runs turns of a fleet on this machine. Start one on each machine.
 *
 * @example
 * const worker = await FleetWorker.start({
 *   connection: "redis://127.0.0.1:6379",
 *   store: folderStore("/mnt/threads"),
 *   pool: new CodexPool({ home: "/var/lib/codex" }),
 * });
 * process.once("SIGTERM", () => worker.close());
 */
export class FleetWorker implements AsyncDisposable {
  readonly id: string;
  readonly #context: WorkerContext;
  readonly #queue: TurnQueue;
  readonly #jobs: Worker<JobData>;
  readonly #limits: Omit<ClaimLimits, "tenantTurns">;
  readonly #tenantTurns: (tenant: string) => number;
  readonly #concurrency: number;
  readonly #warn: Warn;
  /** The turns that run here. */
  readonly #runners = new Map<
    string,
    { readonly runner: TurnRunner; readonly ended: Promise<void> }
  >();
  readonly #startedAt = Date.now();
  readonly #ticking: Timer;
  #closing: Promise<void> | undefined;
  #isClosing = false;

  private constructor(options: FleetWorkerOptions, redis: FleetRedis, keys: Keys, warn: Warn) {
    const { lockMs = DEFAULT_LOCK_MS, keepMs = DEFAULT_KEEP_MS, tenantTurns = 0 } = options;
    this.id = options.id ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.#warn = warn;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#tenantTurns = typeof tenantTurns === "function" ? tenantTurns : () => tenantTurns;
    this.#limits = { lockMs, keepMs, rate: options.rateLimit ?? { max: 0, durationMs: 1 } };
    this.#context = this.#contextOf(options, redis, keys, keepMs);
    this.#queue = openQueue(redis, keys, keepMs);
    this.#queue.on("error", () => {});
    this.#jobs = new Worker<JobData>(keys.queueName, (job, token) => this.#process(job, token), {
      connection: redis.client,
      prefix: keys.queuePrefix,
      name: this.id,
      concurrency: this.#concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.max(250, Math.round(lockMs / 2)),
      maxStalledCount: ANY_NUMBER,
      runRetryDelay: RETRY_MS,
      autorun: false,
    });
    this.#jobs.on("error", (cause) => this.#noted(cause));
    this.#ticking = startTicking(lockMs / 3, () => this.#tick());
  }

  /**
   * Starts a worker. Resolves when it takes turns; while Redis is away, it waits for it.
   * @throws TypeError for a missing or unknown option, or one of the wrong type.
   * @throws CodexError if Redis may delete data when its memory is full.
   */
  static async start(options: FleetWorkerOptions): Promise<FleetWorker> {
    checkWorkerOptions(options);
    const keys = new Keys(options.name ?? "fleet");
    const warn = warnerOf({ onWarning: options.onWarning });
    const redis = new FleetRedis(options.connection, keys, warn);
    try {
      await redis.checkEviction();
      const worker = new FleetWorker(options, redis, keys, warn);
      await worker.#report();
      await worker.#jobs.waitUntilReady();
      worker.#jobs.run().catch((cause) => worker.#noted(cause));
      return worker;
    } catch (error) {
      redis.close();
      throw error;
    }
  }

  /** How many turns run here now. */
  get running(): number {
    return this.#runners.size;
  }

  /**
   * Stops the worker: it takes no more turns, and waits for those that run, until the deadline.
   * Idempotent.
   */
  close(options: CloseWorkerOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.deadlineMs ?? DEFAULT_LOCK_MS);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #contextOf(
    options: FleetWorkerOptions,
    redis: FleetRedis,
    keys: Keys,
    keepMs: number,
  ): WorkerContext {
    const channels = new Channels(redis);
    const codec = new Codec(options.encryptionKey);
    const archive = new ThreadArchive(options.store, codec);
    const tools = new Map((options.tools ?? []).map((tool) => [tool.spec.name, tool]));
    const warm = options.warmThreads ?? DEFAULT_WARM_THREADS;
    const { pool, codex, workspace } = options;
    const servers = pool ?? (codex && oneServer(codex));
    if (!servers) throw new TypeError("FleetWorker: set one of the options pool and codex");
    return {
      ...{ id: this.id, redis, keys, channels, codec, keepMs, tools, servers },
      events: new RedisEventLog(redis, keys, channels),
      threads: new LocalThreads(archive, warm, (job, settings) => this.#toolsOf(job, settings)),
      workspaces: new Workspaces(workspace),
      maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      warn: this.#warn,
    };
  }

  /** Those of this worker by their names, and those of the turn's caller. */
  #toolsOf(job: TurnJob, { tools, callerTools }: ThreadSettings): readonly Tool[] {
    const own = tools.map((name) => {
      const tool = this.#context.tools.get(name);
      if (tool) return tool;
      throw new TypeError(`The worker ${this.id} has no tool ${name}`);
    });
    const remote = callerTools.map((spec) =>
      remoteTool(spec, async (args, context) => {
        const running = [...this.#runners.values()].find(
          ({ runner }) => runner.job.key === job.key,
        );
        const result = await running?.runner.callTool(spec.name, args, context);
        if (result) return result;
        throw new Error(`The tool ${spec.name} was called outside a turn`);
      }),
    );
    return [...own, ...remote];
  }

  async #process(job: Job<JobData>, token: string | undefined): Promise<void> {
    const id = job.id ?? "";
    const here = this.#runners.get(id);
    // BullMQ delivers a job again whose lock it couldn't renew.
    if (here) return here.ended;
    if (this.#isClosing) return this.#park(job, token, 0);
    const turn = turnJob(id, job.data);
    let claim: Claim | Parked | "ended";
    try {
      claim = await this.#claim(turn);
    } catch (cause) {
      this.#noted(cause);
      return this.#park(job, token, RETRY_MS);
    }
    if (claim === "ended") return this.#wakeNext(turn);
    if ("reason" in claim) return this.#parkTurn(job, token, turn, claim);
    await this.#run(job, token, turn, claim);
  }

  #claim(turn: TurnJob): Promise<Claim | Parked | "ended"> {
    const limits = { ...this.#limits, tenantTurns: this.#tenantTurns(turn.tenant) };
    const by = { worker: this.id, nonce: newNonce() };
    return claimTurn(this.#context.redis, turn, by, limits);
  }

  async #run(
    job: Job<JobData>,
    token: string | undefined,
    turn: TurnJob,
    claim: Claim,
  ): Promise<void> {
    let runner: TurnRunner;
    try {
      const order = this.#context.codec.decode(job.data.order, `order ${turn.key}`) as TurnOrder;
      const { onWorkerLost } = job.data;
      runner = new TurnRunner(this.#context, turn, claim, { order, onWorkerLost });
    } catch (error) {
      return this.#refuse(turn, claim, messageOf(error));
    }
    const running = runner.run();
    const ended = running.then(
      (next) => this.#wake(next),
      () => {},
    );
    this.#runners.set(turn.turn, { runner, ended });
    try {
      await running;
      await ended;
    } catch (cause) {
      await this.#gaveUp(job, token, runner, cause);
    } finally {
      this.#runners.delete(turn.turn);
    }
  }

  /** Ends a turn that this worker can't even read. */
  async #refuse(turn: TurnJob, claim: Claim, message: string): Promise<void> {
    const { redis, codec, keepMs } = this.#context;
    const ending: Ending = { kind: "error", reason: "couldNotRun", message };
    const next = await new EventWriter(redis, codec, turn, claim).finish(ending, keepMs);
    await this.#wake(next);
  }

  /** The turn isn't over, and runs again when its job is delivered again. */
  async #gaveUp(
    job: Job<JobData>,
    token: string | undefined,
    runner: TurnRunner,
    cause: unknown,
  ): Promise<void> {
    if (cause instanceof FencedError) {
      const message = `${cause.message}: this worker was taken to be lost, and what it did of the turn doesn't count`;
      this.#warn(new CodexWarning("FLEET_TURN_TAKEN_OVER", message, { cause }));
      return this.#park(job, token, RETRY_MS);
    }
    if (!(cause instanceof HandedOver)) this.#noted(cause);
    await runner.release();
    return this.#park(job, token, cause instanceof HandedOver ? 0 : RETRY_MS);
  }

  /** Who runs before it wakes it; unless that happened just before it was parked. */
  async #parkTurn(
    job: Job<JobData>,
    token: string | undefined,
    turn: TurnJob,
    parked: Parked,
  ): Promise<void> {
    const { head } = parked;
    if (head !== undefined) await this.#dropIfLost(head);
    try {
      await this.#park(job, token, parked.delayMs);
    } catch (error) {
      const limit = this.#tenantTurns(turn.tenant);
      const { redis } = this.#context;
      const ready = redis.run("ready", turn.turn, turn.key, turn.tenant, limit);
      if ((await ready) === 1) await promote(this.#queue, turn.turn);
      throw error;
    }
  }

  /** Always throws what tells BullMQ that the job has been moved. */
  async #park(job: Job<JobData>, token: string | undefined, delayMs: number): Promise<never> {
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }

  /** Ends a turn that others wait for, but whose job was removed. */
  async #dropIfLost(id: string): Promise<void> {
    const { redis, keys, codec, keepMs } = this.#context;
    if (this.#runners.has(id)) return;
    const [phase, at, key, tenant] = await redis.client.hmget(
      keys.turn(id),
      ...["phase", "at", "thread", "tenant"],
    );
    if (phase == null || key == null || tenant == null) return;
    if (Date.now() - Number(at) < SUBMIT_GRACE_MS || (await this.#queue.getJob(id))) return;
    const turn = { turn: id, key, tenant, thread: key.slice(tenant.length + 1) };
    const claim = await this.#claim(turn);
    if (claim === "ended" || "reason" in claim) return;
    const message = "its job was removed from the queue";
    const ending: Ending = { kind: "error", reason: "jobRemoved", message };
    await this.#wake(await new EventWriter(redis, codec, turn, claim).finish(ending, keepMs));
  }

  /** Repeats what the end of a turn does, for a worker that was lost just then. */
  async #wakeNext({ key, tenant }: TurnJob): Promise<void> {
    const [ofThread = "", ofTenant = ""] = (await this.#context.redis.run(
      "next",
      ...[key, tenant],
    )) as string[];
    await this.#wake({ ofThread, ofTenant });
  }

  async #wake({ ofThread, ofTenant }: NextTurns): Promise<void> {
    for (const turn of new Set([ofThread, ofTenant])) {
      if (turn !== "" && !this.#runners.has(turn)) await promote(this.#queue, turn);
    }
  }

  #tick(): void {
    const { lockMs } = this.#limits;
    for (const { runner } of this.#runners.values()) {
      runner.renew(lockMs).catch((cause) => this.#noted(cause));
    }
    this.#report().catch(() => {});
  }

  async #report(): Promise<void> {
    const { redis, keys } = this.#context;
    const report: WorkerReport = {
      id: this.id,
      host: hostname(),
      pid: process.pid,
      capacity: this.#concurrency,
      running: this.#runners.size,
      isClosing: this.#isClosing,
      startedAt: this.#startedAt,
    };
    const until = Date.now() + this.#limits.lockMs;
    await redis.client
      .multi()
      .zadd(keys.workers, until, this.id)
      .set(keys.worker(this.id), JSON.stringify(report), "PX", this.#limits.lockMs)
      .exec();
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#jobs.pause(true);
    const running = () => Promise.all([...this.#runners.values()].map(({ ended }) => ended));
    await within(deadlineMs, running());
    for (const { runner } of this.#runners.values()) runner.handOver();
    // What doesn't even stop is taken over like the turns of a lost worker.
    await within(this.#limits.lockMs, this.#jobs.close());
    this.#ticking.cancel();
    const { redis, keys, channels } = this.#context;
    const forget = redis.client
      .multi()
      .zrem(keys.workers, this.id)
      .del(keys.worker(this.id))
      .exec();
    await within(
      RETRY_MS,
      forget.catch(() => undefined),
    );
    await within(RETRY_MS, this.#queue.close());
    channels.close();
    redis.close();
  }

  #noted(cause: unknown): void {
    const message = `The worker ${this.id} tries again: ${messageOf(cause)}`;
    this.#warn(new CodexWarning("FLEET_RETRY", message, { cause }));
  }
}
