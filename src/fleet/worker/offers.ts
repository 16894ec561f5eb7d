import { promote, type TurnQueue } from "../queue.ts";
import type { WorkerContext } from "./context.ts";
import type { Outcome } from "./dispatcher.ts";

interface Taker {
  /** Runs the turn; "parked" if it can't run here now. */
  take(turn: string): Promise<Outcome>;
  failed(cause: unknown): void;
}

/**
 * Turns that other workers leave to this one, because it has their thread loaded. Each turn is
 * taken or declined.
 */
export class Offers {
  readonly #context: WorkerContext;
  readonly #queue: TurnQueue;
  readonly #taker: Taker;
  readonly #answering = new Map<string, Promise<void>>();

  constructor(context: WorkerContext, queue: TurnQueue, taker: Taker) {
    this.#context = context;
    this.#queue = queue;
    this.#taker = taker;
  }

  async listen(): Promise<void> {
    const { channels, keys, id } = this.#context;
    await channels.subscribe(keys.workerChannel(id), (turn) => {
      if (turn === "") void this.check();
      else void this.#answer(turn);
    });
  }

  /**
   * Answers all offers, including those whose message was lost. Resolves when each offer is
   * declined or its turn has ended.
   */
  async check(): Promise<void> {
    const { redis, keys, id } = this.#context;
    try {
      const turns = await redis.client.zrange(keys.offers(id), "0", "-1");
      await Promise.all(turns.map((turn) => this.#answer(turn)));
    } catch (cause) {
      this.#taker.failed(cause);
    }
  }

  #answer(turn: string): Promise<void> {
    const answering =
      this.#answering.get(turn) ??
      this.#takeOrDecline(turn)
        .catch((cause) => this.#taker.failed(cause))
        .finally(() => this.#answering.delete(turn));
    this.#answering.set(turn, answering);
    return answering;
  }

  async #takeOrDecline(turn: string): Promise<void> {
    const { redis, id } = this.#context;
    let outcome: Outcome = "parked";
    try {
      outcome = await this.#taker.take(turn);
    } finally {
      if (outcome === "parked") await redis.run("decline", turn, id);
      await promote(this.#queue, turn);
    }
  }
}
