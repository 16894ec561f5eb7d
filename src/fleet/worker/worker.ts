import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { DelayedError, type Job, Worker } from "bullmq";
import { warnerOf } from "../../client/options.ts";
import { CodexWarning, type Warn } from "../../errors/warning.ts";
import { within } from "../../util/abort.ts";
import { messageOf } from "../../util/describe.ts";
import { startTicking, type Timer } from "../../util/timer.ts";
import { publishLoad } from "../load.ts";
import { DEFAULT_KEEP_MS, jobOf, openQueue, type TurnQueue, turnOfJob } from "../queue.ts";
import { Channels } from "../redis/channels.ts";
import { Codec } from "../redis/codec.ts";
import { FleetRedis, hideCommand } from "../redis/connection.ts";
import { RedisEventLog } from "../redis/event-log.ts";
import { Keys } from "../redis/keys.ts";
import type { JobData, WorkerReport } from "../wire.ts";
import type { WorkerContext } from "./context.ts";
import { Dispatcher, type Outcome } from "./dispatcher.ts";
import { Homes } from "./homes.ts";
import { LocalThreads } from "./local-threads.ts";
import { Offers } from "./offers.ts";
import { checkWorkerOptions, type FleetWorkerOptions } from "./options.ts";
import { oneServer } from "./servers.ts";
import { ThreadArchive } from "./thread-archive.ts";
import { Workspaces } from "./workspaces.ts";

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_LOCK_MS = 30_000;
const DEFAULT_MAX_ATTEMPTS = 5;
const DEFAULT_WARM_THREADS = 100;
/** How long a job waits before it is tried again, after a failure that its turn didn't cause. */
const RETRY_MS = 1_000;
/** Claims count a turn's attempts, so BullMQ must not give up on a stalled job. */
const ANY_NUMBER = 1_000_000;

export interface CloseWorkerOptions {
  /**
   * How long to wait for the running turns to end, in milliseconds. After that, a turn is interrupted, or
   * left to another worker if its `onWorkerLost` is "retry". Default 30,000.
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
  readonly #lockMs: number;
  readonly #concurrency: number;
  readonly #warn: Warn;
  readonly #dispatcher: Dispatcher;
  readonly #offers: Offers;
  /** How many of the turns that run here were taken over from other workers. */
  #taken = 0;
  readonly #startedAt = Date.now();
  readonly #ticking: Timer;
  #closing: Promise<void> | undefined;
  #isClosing = false;

  private constructor(options: FleetWorkerOptions, redis: FleetRedis, keys: Keys, warn: Warn) {
    const { lockMs = DEFAULT_LOCK_MS, keepMs = DEFAULT_KEEP_MS, tenantTurns = 0 } = options;
    this.id = options.id ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.#warn = warn;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#lockMs = lockMs;
    this.#context = this.#contextOf(options, redis, keys, keepMs);
    this.#queue = openQueue(redis, keys, keepMs);
    this.#queue.on("error", () => {});
    this.#dispatcher = new Dispatcher(this.#context, this.#queue, {
      ...{ lockMs, keepMs, rate: options.rateLimit ?? { max: 0, durationMs: 1 } },
      tenantTurns: typeof tenantTurns === "function" ? tenantTurns : () => tenantTurns,
    });
    this.#offers = new Offers(this.#context, this.#queue, {
      take: (turn) => this.#take(turn),
      failed: (cause) => this.#noted(cause),
    });
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
    // BullMQ opens its own connections.
    this.#jobs.on("error", (cause) => {
      hideCommand(cause);
      this.#noted(cause);
    });
    this.#ticking = startTicking(lockMs / 3, () => this.#tick());
  }

  /**
   * Starts a worker. Resolves when it accepts turns; waits while Redis can't be reached.
   * @throws TypeError for a missing or unknown option, or a value of the wrong type.
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
      await worker.#offers.listen();
      await worker.#jobs.waitUntilReady();
      worker.#jobs.run().catch((cause) => worker.#noted(cause));
      return worker;
    } catch (error) {
      redis.close();
      throw error;
    }
  }

  /** How many turns are running on this worker. */
  get running(): number {
    return this.#dispatcher.runners.length;
  }

  /**
   * Stops the worker: it accepts no more turns, and waits for running ones until the deadline.
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
    if (!servers) throw new TypeError("FleetWorker: set either pool or codex");
    return {
      ...{ id: this.id, redis, keys, channels, codec, keepMs, tools, servers },
      homes: new Homes(redis, this.#lockMs, this.#warn),
      events: new RedisEventLog(redis, keys, channels),
      threads: new LocalThreads(archive, warm, (job, settings) =>
        this.#dispatcher.toolsOf(job, settings),
      ),
      workspaces: new Workspaces(workspace),
      maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      warn: this.#warn,
    };
  }

  async #process(job: Job<JobData>, token: string | undefined): Promise<void> {
    const park = (delayMs: number) => job.moveToDelayed(Date.now() + delayMs, token);
    if (this.#isClosing) {
      await park(0);
      throw new DelayedError();
    }
    const delivery = {
      ...{ turn: turnOfJob(job), data: job.data, dueAt: dueAt(job) },
      ...{ mayYield: true, park },
    };
    const outcome = await this.#dispatcher.deliver(delivery).catch((cause) => {
      this.#noted(cause);
      return "parked";
    });
    // This error tells BullMQ that the job isn't done. Any other would end the job, but not the turn.
    if (outcome === "parked") throw new DelayedError();
  }

  /** Runs a turn that is reserved for this worker, if it can. */
  async #take(turn: string): Promise<Outcome> {
    const job = await jobOf(this.#queue, turn);
    const isFull = this.#dispatcher.open >= this.#concurrency;
    if (!job || isFull || this.#isClosing) return "parked";
    // The job is already parked, so BullMQ delivers it again anyway.
    const delivery = {
      ...{ turn, data: job.data, dueAt: dueAt(job) },
      ...{ mayYield: false, park: async () => {} },
    };
    // Turns without a BullMQ job count towards the limit, in place of jobs.
    this.#jobs.concurrency = Math.max(1, this.#concurrency - ++this.#taken);
    try {
      return await this.#dispatcher.deliver(delivery);
    } finally {
      this.#jobs.concurrency = Math.max(1, this.#concurrency - --this.#taken);
    }
  }

  #tick(): void {
    for (const runner of this.#dispatcher.runners) {
      runner.renew(this.#lockMs).catch((cause) => this.#noted(cause));
    }
    this.#report().catch(() => {});
    const { redis, keys, homes } = this.#context;
    homes.renew().catch(() => {});
    publishLoad(redis, keys, this.#queue).catch(() => {});
  }

  async #report(): Promise<void> {
    const { redis, keys } = this.#context;
    const report: WorkerReport = {
      id: this.id,
      host: hostname(),
      pid: process.pid,
      capacity: this.#concurrency,
      running: this.running,
      isClosing: this.#isClosing,
      startedAt: this.#startedAt,
    };
    await redis.client
      .multi()
      .zadd(keys.workers, Date.now() + this.#lockMs, this.id)
      .set(keys.worker(this.id), JSON.stringify(report), "PX", this.#lockMs)
      .hset(keys.load, this.id, this.running)
      .exec();
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    // From now on, other workers leave no turns to this one, and don't wait for it to take those that they
    // have left to it.
    this.#report().catch(() => {});
    const answered = this.#offers.check();
    await this.#jobs.pause(true);
    await within(deadlineMs, Promise.all([this.#dispatcher.idle(), answered]));
    for (const runner of this.#dispatcher.runners) runner.handOver();
    // Turns that don't stop in time are taken over, like those of a lost worker.
    await within(this.#lockMs, this.#jobs.close());
    this.#ticking.cancel();
    const { redis, keys, channels, homes } = this.#context;
    const forget = redis.client
      .multi()
      .zrem(keys.workers, this.id)
      .hdel(keys.load, this.id)
      .del(keys.worker(this.id))
      .exec();
    await within(RETRY_MS, Promise.allSettled([forget, homes.release()]));
    await within(RETRY_MS, this.#queue.close());
    channels.close();
    redis.close();
  }

  #noted(cause: unknown): void {
    const message = `Worker ${this.id} will retry after an error: ${messageOf(cause)}`;
    this.#warn(new CodexWarning("FLEET_RETRY", message, { cause }));
  }
}

/** When a job could first run, by the clock of the machine that submitted it. */
function dueAt({ timestamp, opts }: Job<JobData>): number {
  return timestamp + (opts.delay ?? 0);
}
