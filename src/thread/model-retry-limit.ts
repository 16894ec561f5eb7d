import { ModelUnreachableError } from "../errors/errors.ts";
import type { TurnError } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { startLimit, type Timer } from "../util/timer.ts";
import type { LiveTurns } from "./live-turns.ts";
import type { CurrentConnection, ThreadServer } from "./thread-server.ts";

/** The parts of a thread that are needed to limit retries. */
interface Watched {
  readonly turns: LiveTurns;
  readonly family: { isAnothers(turnId: string): boolean };
}

interface Running {
  readonly timer: Timer;
  readonly connection: CurrentConnection | undefined;
}

/**
 * Ends turns whose model the server can't reach for too long, because current servers retry
 * forever. Any other notification of the turn restarts the time, and so does a new connection: the
 * server may have reached the model in the meantime.
 */
export class ModelRetryLimit {
  readonly #limitMs: number;
  readonly #server: ThreadServer;
  readonly #thread: Watched;
  readonly #timers = new Map<TurnRecord, Running>();

  constructor(server: ThreadServer, thread: Watched) {
    this.#thread = thread;
    this.#limitMs = server.modelRetryMs;
    this.#server = server;
  }

  /**
   * `error` is the last error that the server reported; undefined if the server has reached the
   * model. `giveUp` stops the turn on the server.
   */
  follow(record: TurnRecord, error: TurnError | undefined, giveUp: () => void): void {
    const connection = this.#server.connection();
    const running = this.#timers.get(record);
    if (error && running && running.connection === connection) return;
    this.stop(record);
    const { turnId } = record;
    if (error === undefined || !(record.isOwn || this.#thread.turns.owners.isOurs(turnId))) return;
    const timer = startLimit(this.#limitMs, () => {
      this.#timers.delete(record);
      if (connection?.isLost !== false) return;
      record.abandon(new ModelUnreachableError(record, this.#limitMs, record.retryError ?? error));
      if (!this.#thread.family.isAnothers(turnId)) giveUp();
    });
    this.#timers.set(record, { timer, connection });
  }

  stop(record: TurnRecord): void {
    this.#timers.get(record)?.timer.cancel();
    this.#timers.delete(record);
  }
}
