/** The listeners for changes. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns a function that removes the listener. */
  add(listener: () => void): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`subscribe: the listener must be a function, not ${typeof listener}`);
    }
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /**
   * An error thrown by one listener becomes an uncaught error, and the other listeners are still
   * called.
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
