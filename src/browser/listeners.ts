/** The listeners that are called after changes. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Adds a listener. Returns a function that removes it. */
  add(listener: () => void): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`subscribe: the listener must be a function, not ${typeof listener}`);
    }
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /**
   * Calls all listeners. An error thrown by one of them becomes an uncaught error, and the others are still called.
   */
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
