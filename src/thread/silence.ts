import { TurnLostError } from "../errors/errors.ts";
import { CallLost } from "../rpc/pending.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { messageOf } from "../util/describe.ts";
import { startTicking, type Timer } from "../util/timer.ts";
import { askStatus, isNotLoaded } from "./ask-status.ts";
import { CatchUp } from "./catch-up.ts";
import type { CurrentConnection } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

/** The number of silent periods after which the server is asked. */
const TICKS = 4;
/**
 * A turn is abandoned if the server doesn't know its state, or doesn't answer, this many times in a
 * row and for this long. The server was observed to store the end of a turn seconds late.
 */
const PATIENCE = 3;
const PATIENCE_MS = 15_000;

interface Doubt {
  count: number;
  readonly since: number;
}

/**
 * Asks the server about turns that have been silent for too long. A running turn can take as long
 * as it needs; one that has ended on the server ends here with its result.
 */
export class SilenceWatch {
  readonly #threads: () => Iterable<ThreadState>;
  readonly #timer: Timer | undefined;
  /**
   * The threads that the server is being asked about. Its answer can take longer than the silent
   * period.
   */
  readonly #asking = new WeakSet<ThreadState>();
  /** How many consecutive times the server didn't know a turn's state, and since when. */
  readonly #doubts = new WeakMap<TurnRecord, Doubt>();

  /** `idleMs` in milliseconds; 0 turns it off. */
  constructor(threads: () => Iterable<ThreadState>, idleMs: number) {
    this.#threads = threads;
    if (idleMs > 0) this.#timer = startTicking(idleMs / TICKS, () => this.#tick());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #tick(): void {
    for (const thread of this.#threads()) {
      const connection = thread.server.connection();
      if (!connection || thread.isCatchingUp) continue;
      // The thread is active, so earlier failures to account for its turns no longer count.
      if (thread.starts.isActive) this.#trust(thread);
      const silences = thread.turns.awaited().map((record) => record.countSilence());
      const isDue = silences.some((count) => count % TICKS === 0);
      if (isDue && !this.#asking.has(thread)) void this.#askOnce(thread, connection);
    }
  }

  async #askOnce(thread: ThreadState, connection: CurrentConnection): Promise<void> {
    this.#asking.add(thread);
    await this.#ask(thread, connection);
    this.#asking.delete(thread);
  }

  async #ask(thread: ThreadState, connection: CurrentConnection): Promise<void> {
    let why = "the server doesn't know it";
    let cause: unknown;
    try {
      await askStatus(thread, connection);
      // Asking doesn't create a gap: while the thread is active, its turns continue to stream.
      const unknown = thread.starts.isActive
        ? []
        : await new CatchUp(thread, thread.server, connection).end(this.#isLastTime(thread));
      if (unknown.length === 0) return this.#trust(thread);
    } catch (error) {
      if (error instanceof CallLost || connection.isLost) return;
      if (isNotLoaded(error)) return thread.catchUp(connection);
      why = `the server doesn't report its state: ${messageOf(error)}`;
      cause = error;
    }
    if (!this.#isLastTime(thread)) return this.#doubt(thread);
    if (cause !== undefined) thread.starts.believeActive();
    for (const record of thread.turns.awaited()) {
      record.fail(new TurnLostError(record, why, cause === undefined ? undefined : { cause }));
    }
  }

  #trust(thread: ThreadState): void {
    for (const record of thread.turns.awaited()) this.#doubts.delete(record);
  }

  #doubt(thread: ThreadState): void {
    const since = performance.now();
    for (const record of thread.turns.awaited()) {
      const doubt = this.#doubts.get(record);
      if (doubt) doubt.count++;
      else this.#doubts.set(record, { count: 1, since });
    }
  }

  #isLastTime(thread: ThreadState): boolean {
    const now = performance.now();
    return thread.turns.awaited().every((record) => {
      const { count = 0, since = now } = this.#doubts.get(record) ?? {};
      return count >= PATIENCE - 1 && now - since >= PATIENCE_MS;
    });
  }
}
