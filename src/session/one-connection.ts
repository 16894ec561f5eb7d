import { RequestTimeoutError } from "../errors/errors.ts";
import { isServerBusy } from "../errors/retry.ts";
import type { Connection } from "../rpc/connection.ts";
import type { CurrentConnection, SendOptions } from "../thread/thread-server.ts";
import { backoffDelay } from "../util/backoff.ts";
import { deadline } from "../util/deadline.ts";

const BUSY_BACKOFF = { initialDelayMs: 100, maxDelayMs: 2_000, jitterRatio: 0.2 };

/** Sends requests that belong to this connection only: recovery repeats them on the next one. */
export class OneConnection implements CurrentConnection {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #pause: (ms: number) => Promise<void>;
  #lost = false;
  #hydrations = 0;

  constructor(
    connection: Connection,
    options: { timeoutMs: number; pause: (ms: number) => Promise<void> },
  ) {
    this.#connection = connection;
    this.#timeoutMs = options.timeoutMs;
    this.#pause = options.pause;
    connection.closed.then(() => {
      this.#lost = true;
    });
  }

  get isLost(): boolean {
    return this.#lost;
  }

  /**
   * Whether a thread is being resumed with all its turns. The server reports this as deprecated,
   * but there is no other way to get the usage of a turn that was missed.
   */
  get isHydrating(): boolean {
    return this.#hydrations > 0;
  }

  async ask(method: string, params: object, onResult?: SendOptions["onResult"]): Promise<unknown> {
    const hydrates = method === "thread/resume" && !("excludeTurns" in params);
    if (hydrates) this.#hydrations++;
    try {
      return await this.#askUntilAnswered(method, params, onResult);
    } finally {
      if (hydrates) this.#hydrations--;
    }
  }

  async #askUntilAnswered(
    method: string,
    params: object,
    onResult: SendOptions["onResult"],
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const late = (ms: number) => new RequestTimeoutError(method, ms);
      using limit = deadline(undefined, this.#timeoutMs, late);
      try {
        return await this.#connection.call(method, params, { signal: limit.signal, onResult });
      } catch (error) {
        // "Busy" doesn't answer the question.
        if (!isServerBusy(error)) throw error;
      }
      await this.#pause(backoffDelay(attempt, BUSY_BACKOFF));
    }
  }
}
