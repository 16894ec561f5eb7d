import type { TurnRecord } from "../turn/turn-record.ts";
import { RecentIds } from "../util/recent-ids.ts";
import type { LiveTurns } from "./live-turns.ts";

const REMEMBERED = 1_024;

type Listener = (record: TurnRecord) => void;

/**
 * The listeners for every turn of a thread, no matter who starts it. Each turn is reported once.
 */
export class ShownTurns {
  readonly #turns: LiveTurns;
  readonly #listeners = new Set<Listener>();
  /** The ids of the turns that were reported: a turn can get a second record if its first one was dropped. */
  readonly #shown = new RecentIds(REMEMBERED);
  /**
   * The newest turn that was seen, or that existed before anyone listened; null if there was none,
   * undefined if that isn't known. Turns that the server lists as newer were missed, so they are
   * looked up before another one can start here.
   */
  newest: string | null | undefined;
  /**
   * Whether missed turns were listed, but not reported, because one of them could be the one that this client was
   * starting. Until they are reported, later turns don't count as the newest one that was seen.
   */
  isBehind = false;

  constructor(turns: LiveTurns) {
    this.#turns = turns;
  }

  /**
   * Calls `listener`, which must not throw, with every turn that is seen from now on. Returns a
   * function that unsubscribes.
   */
  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#turns.areShown = true;
    return () => {
      this.#listeners.delete(listener);
      this.#turns.areShown = this.#listeners.size > 0;
    };
  }

  get subscriptions(): number {
    return this.#listeners.size;
  }

  /** Notes that turns may have been missed. Without listeners, they are never looked up. */
  missed(): void {
    if (this.#listeners.size === 0) this.newest = undefined;
  }

  show(record: TurnRecord): void {
    if (!this.isBehind) this.newest = record.turnId;
    if (this.#listeners.size === 0 || this.#shown.has(record.turnId)) return;
    this.#shown.add(record.turnId);
    record.follow();
    for (const listener of this.#listeners) listener(record);
  }
}
