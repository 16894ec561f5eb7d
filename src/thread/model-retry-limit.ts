import { ModelUnreachableError } from "../errors/errors.ts";
import type { TurnError } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { startTimer, type Timer } from "../util/timer.ts";

/**
 * Ends turns whose model the server can't reach for too long, because current servers retry
 * forever. Any other notification of the turn restarts the time.
 */
export class ModelRetryLimit {
  readonly #limitMs: number;
  readonly #timers = new Map<TurnRecord, Timer>();

  /** In milliseconds. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /**
   * `error` is the last error that the server reported; undefined if the server has reached the
   * model.
   */
  follow(record: TurnRecord, error: TurnError | undefined, giveUp: () => void): void {
    if (error === undefined) {
      this.stop(record);
      return;
    }
    if (this.#timers.has(record) || !record.isOwn) return;
    const timer = startTimer(this.#limitMs, () => {
      this.#timers.delete(record);
      record.abandon(new ModelUnreachableError(record, this.#limitMs, record.retryError ?? error));
      giveUp();
    });
    this.#timers.set(record, timer);
  }

  stop(record: TurnRecord): void {
    this.#timers.get(record)?.cancel();
    this.#timers.delete(record);
  }
}
