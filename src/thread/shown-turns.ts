import type { TurnRecord } from "../turn/turn-record.ts";
import type { LiveTurns } from "./live-turns.ts";

type Listener = (record: TurnRecord) => void;

/**
 * The listeners for every turn of a thread, no matter who starts it. Each turn is reported once.
 */
export class ShownTurns {
  readonly #turns: LiveTurns;
  readonly #listeners = new Set<Listener>();
  /** The turns that were reported. Most threads have no listener. */
  #shown: WeakSet<TurnRecord> | undefined;

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

  show(record: TurnRecord): void {
    if (this.#listeners.size === 0 || this.#shown?.has(record)) return;
    this.#shown ??= new WeakSet();
    this.#shown.add(record);
    record.follow();
    for (const listener of this.#listeners) listener(record);
  }
}
