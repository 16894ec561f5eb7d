import type { TurnRecord } from "../turn/turn-record.ts";

type Listener = (record: TurnRecord) => void;

/** Those who want to see every turn of a thread, whoever starts it. Each turn is shown once. */
export class ShownTurns {
  readonly #listeners = new Set<Listener>();
  readonly #shown = new WeakSet<TurnRecord>();

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** The listener must not throw. Returns what removes it; false if it was removed already. */
  add(listener: Listener): () => boolean {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(record: TurnRecord): void {
    if (!this.hasListeners || this.#shown.has(record)) return;
    this.#shown.add(record);
    record.follow();
    for (const listener of this.#listeners) listener(record);
  }
}
