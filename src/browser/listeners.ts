/** Those who want to know of each change. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns what removes the listener. */
  add(listener: () => void): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`subscribe: the listener must be a function, not ${typeof listener}`);
    }
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** What one throws is thrown as if nobody had caught it, and stops no other. */
  tell(): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
