import { randomUUID } from "node:crypto";
import { warnerOf } from "../../client/options.ts";
import type { TurnInput, TurnOutput } from "../../client/turn-params.ts";
import { CodexError } from "../../errors/errors.ts";
import { type PreparedOutput, prepareOutput } from "../../input/output-schema.ts";
import type { Schema } from "../../input/schema.ts";
import type { Tool } from "../../input/tool.ts";
import { within } from "../../util/abort.ts";
import { requireOptions } from "../../util/checks.ts";
import {
  DEFAULT_KEEP_MS,
  JOB_NAME,
  jobIdOf,
  jobOf,
  openQueue,
  promote,
  removeEnded,
} from "../queue.ts";
import { Channels } from "../redis/channels.ts";
import { Codec } from "../redis/codec.ts";
import { FleetRedis } from "../redis/connection.ts";
import { RedisEventLog } from "../redis/event-log.ts";
import { Keys, partsOfKey, threadKey } from "../redis/keys.ts";
import type { JobData, OnWorkerLost, TurnOrder } from "../wire.ts";
import type { FleetContext } from "./context.ts";
import { FleetThread } from "./fleet-thread.ts";
import { FleetTurn } from "./fleet-turn.ts";
import { observed } from "./observed.ts";
import {
  checkFleetOptions,
  type FleetOptions,
  type FleetRepeat,
  type FleetRunOptions,
  repeat,
  scheduleId,
  splitRunOptions,
  tenantName,
  threadName,
} from "./options.ts";
import { portableInput } from "./portable-input.ts";
import { FleetRequests } from "./requests.ts";
import { type FleetStatus, fleetStatus } from "./status.ts";
import { isThreadOfTurn, threadOfTurn } from "./thread-of-turn.ts";
import { type FleetThreadInfo, type FleetThreadsOptions, listThreads } from "./threads.ts";
import { ToolCalls } from "./tool-calls.ts";

const DEFAULT_TENANT = "default";
const CLOSE_MS = 1_000;
const UNSCHEDULE = { id: scheduleId };
const SCHEDULE = { ...UNSCHEDULE, repeat };
const THREAD = { thread: threadName, tenant: tenantName };

/** The data that is submitted for a turn. */
interface Submission<Output> {
  /** The job of the turn: `data` for the thread that the caller has named or for a new one, `on` for any other. */
  readonly data: JobData;
  readonly on: (thread: string) => JobData;
  readonly isNewThread: boolean;
  readonly output: PreparedOutput<Output> | undefined;
  readonly tools: readonly Tool[];
  readonly options: { readonly priority?: number; readonly delay?: number };
}

/**
 * Submits turns to a fleet of workers, reads them and answers their requests, in any number of
 * processes. A turn continues even if the process that submitted it exits.
 *
 * @example
 * await using fleet = new Fleet({ connection: "redis://127.0.0.1:6379" });
 * const turn = await fleet.run("What does this project do?", { thread: "ada-1", tenant: "ada" });
 * console.log((await turn.run()).throwIfFailed().text);
 */
export class Fleet implements AsyncDisposable {
  /** The pending requests of all turns. */
  readonly requests: FleetRequests;
  readonly #context: FleetContext;
  readonly #closing = new AbortController();
  readonly #tools: ToolCalls;

  /**
   * Connects in the background. While Redis can't be reached, calls wait.
   * @throws TypeError for a missing or unknown option, or a value of the wrong type.
   */
  constructor(options: FleetOptions) {
    checkFleetOptions(options);
    const keys = new Keys(options.name ?? "fleet");
    const keepMs = options.keepMs ?? DEFAULT_KEEP_MS;
    const warn = warnerOf({ onWarning: options.onWarning });
    const redis = new FleetRedis(options.connection, keys, warn);
    const channels = new Channels(redis);
    const queue = openQueue(redis, keys, keepMs);
    queue.on("error", () => {});
    this.#context = {
      ...{ redis, keys, channels, queue, keepMs, warn },
      codec: new Codec(options.encryptionKey),
      events: new RedisEventLog(redis, keys, channels),
      closed: this.#closing.signal,
    };
    this.requests = new FleetRequests(this.#context);
    this.#tools = new ToolCalls(this.#context);
  }

  /**
   * Submits a turn: `thread/start` or `thread/resume`, and `turn/start`, on one of the workers. Resolves
   * when Redis has stored the turn; from then on it runs even if this process ends.
   * @throws InvalidInputError, InvalidSchemaError, TypeError before anything is sent.
   * @throws CodexError if another tenant has a turn with this id, or if an earlier submission of the turn, for another
   * thread, failed halfway.
   */
  async run<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: FleetRunOptions<S> = {},
  ): Promise<FleetTurn<TurnOutput<S>>> {
    this.#requireOpen();
    const id = options.id ?? randomUUID();
    const submission = await this.#prepare<S>("run", input, options);
    const { output, tools, options: jobOptions } = submission;
    await observed(this.#context.keys.queueName, id, submission.data, async (trace) => {
      const data = await this.#submit(id, submission);
      if (!data) return;
      try {
        // Workers may call the tools as soon as they have the turn.
        if (tools.length > 0) await this.#tools.add(id, tools);
        if (options.id !== undefined) await removeEnded(this.#context.queue, id);
        const job = trace ? { ...data, trace } : data;
        await this.#context.queue.add(JOB_NAME, job, { ...jobOptions, jobId: jobIdOf(id) });
      } catch (error) {
        // With an id, the caller can submit the turn again. A turn without one would block its thread.
        if (options.id === undefined) this.#withdraw(id).catch(() => {});
        throw error;
      }
    });
    return new FleetTurn(this.#context, id, { output });
  }

  /**
   * Runs a turn repeatedly, with BullMQ's job schedulers. Each run is a separate turn. A second call with
   * the same id replaces the first.
   * @throws InvalidInputError, InvalidSchemaError, TypeError before anything is sent.
   */
  async schedule(
    id: string,
    given: FleetRepeat,
    input: TurnInput,
    options: Omit<FleetRunOptions, "id" | "delayMs"> = {},
  ): Promise<void> {
    this.#requireOpen();
    requireOptions("schedule", { id, repeat: given }, SCHEDULE);
    const { data, tools, options: opts } = await this.#prepare("schedule", input, options);
    if (tools.length > 0) {
      throw new TypeError("schedule: tools must be names of the workers' tools");
    }
    await this.#context.queue.upsertJobScheduler(id, given, { name: JOB_NAME, data, opts });
  }

  /**
   * Stops repeating a turn. Resolves with false if there is no schedule with this id.
   * @throws TypeError for an invalid id.
   */
  unschedule(id: string): Promise<boolean> {
    this.#requireOpen();
    requireOptions("unschedule", { id }, UNSCHEDULE);
    return this.#context.queue.removeJobScheduler(id);
  }

  /**
   * Returns a handle to the turn with this id, no matter which process submitted the turn. Sends
   * nothing, and doesn't check that the turn exists.
   */
  turn(id: string): FleetTurn {
    this.#requireOpen();
    if (typeof id !== "string" || id === "")
      throw new TypeError("turn: the id must be a non-empty string");
    return new FleetTurn(this.#context, id);
  }

  /**
   * Returns a handle to a thread. Sends nothing, and doesn't check that the thread exists.
   * @throws TypeError for an invalid name or tenant.
   */
  thread(name: string, options: { readonly tenant?: string | undefined } = {}): FleetThread {
    this.#requireOpen();
    requireOptions("thread", { ...options, thread: name }, THREAD);
    const { tenant = DEFAULT_TENANT } = options;
    return new FleetThread(this.#context, { name, tenant }, (input, given) =>
      this.run(input, given),
    );
  }

  /** Lists the threads with a turn in the last week, or within `keepMs` if that is longer; most recently used first. */
  async threads(options: FleetThreadsOptions = {}): Promise<FleetThreadInfo[]> {
    this.#requireOpen();
    return listThreads(this.#context, options);
  }

  /** Reports the fleet's workers, their capacity, the queue, and turns that are stuck. */
  async status(): Promise<FleetStatus> {
    this.#requireOpen();
    return fleetStatus(this.#context);
  }

  /** Closes this process's connections. Waiting calls reject; turns continue. Idempotent. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new CodexError("The fleet was closed"));
    const { queue, channels, redis } = this.#context;
    await within(
      CLOSE_MS,
      queue.close().catch(() => {}),
    );
    channels.close();
    redis.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Records the turn. Resolves with its job; undefined if the turn was submitted for another thread, and has a job. */
  async #submit(
    id: string,
    { data, on, isNewThread, options: { delay } }: Submission<unknown>,
  ): Promise<JobData | undefined> {
    const { tenant } = data;
    const key = threadKey(tenant, data.thread);
    const order = delay === undefined ? "1" : "0";
    const known = String(await this.#context.redis.run("submit", id, key, tenant, order));
    if (known === key) return data;
    if (known === "") {
      throw new CodexError(
        `run: another tenant has a turn with the id ${JSON.stringify(id)}; choose ids that no other tenant can use`,
      );
    }
    const { thread } = partsOfKey(known);
    if (isNewThread && isThreadOfTurn(thread, tenant, id)) return on(thread);
    const {
      queue,
      redis: { client },
      keys,
    } = this.#context;
    if ((await client.hget(keys.turn(id), "phase")) === "ended") return undefined;
    if (await jobOf(queue, id)) return undefined;
    throw new CodexError(
      `run: the turn with the id ${JSON.stringify(id)} was submitted for thread ${JSON.stringify(thread)}, ` +
        "but its submission failed halfway; submit it again for that thread",
    );
  }

  async #withdraw(id: string): Promise<void> {
    const { redis, queue } = this.#context;
    const next = await redis.persist(() => redis.run("withdraw", id));
    if (next !== "") await promote(queue, String(next));
  }

  async #prepare<S extends Schema | undefined>(
    subject: string,
    input: TurnInput,
    options: object,
  ): Promise<Submission<TurnOutput<S>>> {
    const { own, turn } = splitRunOptions(subject, options);
    const { outputSchema, strict, ...turnOptions } = turn as {
      outputSchema?: Schema;
      strict?: boolean;
    };
    const output = outputSchema && prepareOutput(outputSchema, { strict });
    const given = (own.tools ?? []) as readonly (string | Tool)[];
    const tools = given.filter((tool) => typeof tool !== "string");
    const order: TurnOrder = {
      input: await portableInput(input),
      threadOptions: (own.threadOptions ?? {}) as Record<string, unknown>,
      turnOptions: output
        ? { ...turnOptions, outputSchema: output.jsonSchema, strict: strict ?? true }
        : turnOptions,
      tools: given.filter((tool) => typeof tool === "string"),
      callerTools: tools.map(({ spec }) => spec),
      caller: tools.length > 0 ? this.#tools.caller : undefined,
    };
    const tenant = (own.tenant ?? DEFAULT_TENANT) as string;
    const { id, thread, priority, delayMs } = own as FleetRunOptions;
    const on = (thread: string): JobData => ({
      thread,
      tenant,
      onWorkerLost: (own.onWorkerLost ?? "interrupt") as OnWorkerLost,
      order: this.#context.codec.encode(order, `order ${threadKey(tenant, thread)}`),
    });
    const newThread = () => (id === undefined ? randomUUID() : threadOfTurn(tenant, id));
    return {
      ...{ data: on(thread ?? newThread()), on, isNewThread: thread === undefined, tools },
      output: output as PreparedOutput<TurnOutput<S>> | undefined,
      options: {
        ...(priority === undefined ? {} : { priority }),
        ...(delayMs === undefined ? {} : { delay: delayMs }),
      },
    };
  }

  #requireOpen(): void {
    this.#closing.signal.throwIfAborted();
  }
}
