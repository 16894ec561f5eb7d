import { CodexError } from "../../errors/errors.ts";
import { InvalidAnswerError, RequestSettledError } from "../../errors/request-errors.ts";
import { CodexWarning } from "../../errors/warning.ts";
import { delay } from "../../util/abort.ts";
import { isRecord, messageOf } from "../../util/describe.ts";
import { turnContext } from "../turn-context.ts";
import type { CommandFailure, ControlCommand, ControlReply } from "../wire.ts";
import type { TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";

/** How long the worker waits for a notification before it checks for itself. */
const RECHECK_MS = 2_000;

/**
 * Carries out the commands of other processes for a running turn, in order. Commands wait in Redis: if a
 * worker is lost before it has answered one, the next worker carries it out.
 */
export class TurnControl implements Disposable {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #apply: (command: ControlCommand) => Promise<unknown>;
  readonly #subscription: Disposable;
  readonly #timer: NodeJS.Timeout;
  #last = "0";
  #reading: Promise<void> | undefined;
  #isStale = false;
  #isOver = false;

  constructor(
    context: WorkerContext,
    job: TurnJob,
    apply: (command: ControlCommand) => Promise<unknown>,
  ) {
    this.#context = context;
    this.#job = job;
    this.#apply = apply;
    const channel = context.keys.controlChannel(job.turn);
    this.#subscription = context.channels.add(channel, () => this.#look());
    this.#timer = setInterval(() => this.#look(), RECHECK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#subscription[Symbol.dispose]();
  }

  #look(): void {
    this.#isStale = true;
    // The timer triggers the next attempt.
    this.#reading ??= this.#read()
      .catch((cause) => this.#failed(cause))
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #read(): Promise<void> {
    const { redis, keys } = this.#context;
    const { turn } = this.#job;
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      const entries = await redis.client.xrange(keys.control(turn), `(${this.#last}`, "+");
      if (entries.length === 0) continue;
      const answered = new Set(await redis.client.hkeys(keys.answers(turn)));
      for (const [id, fields] of entries) {
        this.#last = id;
        const command = this.#decoded(fields[1] ?? "");
        if (!command || answered.has(command.id)) continue;
        this.#carryOut(command).catch((cause) => this.#failed(cause));
      }
    }
  }

  /** The command; undefined, with a warning, for data that no process of this fleet wrote. */
  #decoded(text: string): ControlCommand | undefined {
    try {
      const { turn, key } = this.#job;
      const command = this.#context.codec.decode(text, turnContext("control", turn, key));
      return isRecord(command) ? (command as ControlCommand) : undefined;
    } catch (cause) {
      this.#failed(cause);
      return undefined;
    }
  }

  async #carryOut(command: ControlCommand): Promise<void> {
    const reply = await this.#apply(command).then(
      (value): ControlReply => ({ value }),
      (error: unknown): ControlReply => ({ error: failureOf(error) }),
    );
    const { redis, codec, keepMs } = this.#context;
    const { turn, key } = this.#job;
    const data = codec.encode(reply, turnContext("control", turn, key));
    // Redis can refuse a command for a while, for example after a failover.
    for (;;) {
      try {
        await redis.run("reply", turn, command.id, data, keepMs);
        return;
      } catch (cause) {
        if (this.#isOver) return;
        this.#failed(cause);
        await delay(RECHECK_MS);
      }
    }
  }

  /**
   * Reports an error as a warning: data from other processes must not crash this one, which would
   * end all turns that run here.
   */
  #failed(cause: unknown): void {
    if (this.#isOver) return;
    const { id, warn } = this.#context;
    const what = `Worker ${id} couldn't carry out a command for turn ${this.#job.turn}`;
    warn(new CodexWarning("FLEET_RETRY", `${what}: ${messageOf(cause)}`, { cause }));
  }
}

function failureOf(error: unknown): CommandFailure {
  return {
    code: error instanceof CodexError ? error.code : "CODEX_ERROR",
    message: messageOf(error),
    ...(error instanceof RequestSettledError && { reason: error.reason }),
    ...(error instanceof InvalidAnswerError && { issues: error.issues }),
  };
}
