/** A queue from which any entry can be removed; every operation takes constant time. */
export class Fifo<T extends object> {
  readonly #entries = new Set<T>();
  /** Stays at the head: a new iterator would step over all entries that were removed before it. */
  readonly #head = this.#entries.values();

  get size(): number {
    return this.#entries.size;
  }

  push(entry: T): void {
    this.#entries.add(entry);
  }

  /** Takes the oldest entry. */
  shift(): T | undefined {
    // An iterator that has met the end stays there.
    if (this.#entries.size === 0) return undefined;
    const { value } = this.#head.next();
    if (value !== undefined) this.#entries.delete(value);
    return value;
  }

  /** False when the entry isn't in the queue. */
  remove(entry: T): boolean {
    return this.#entries.delete(entry);
  }

  /** Empties the queue and returns what was in it, oldest first. */
  clear(): T[] {
    const entries = [...this.#entries];
    this.#entries.clear();
    return entries;
  }
}
