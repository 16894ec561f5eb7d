/** A queue from which any entry can be removed; every operation takes constant time. */
export class Fifo<T extends object> {
  readonly #entries = new Set<T>();
  /** Stays at the head: a new iterator would step over all entries that were removed before it. */
  #head = this.#entries.values();

  get size(): number {
    return this.#entries.size;
  }

  push(entry: T): void {
    this.#entries.add(entry);
  }

  /** Takes the oldest entry. */
  shift(): T | undefined {
    if (this.#entries.size === 0) return undefined;
    let { value, done } = this.#head.next();
    if (done) {
      this.#head = this.#entries.values();
      ({ value, done } = this.#head.next());
    }
    if (value !== undefined) this.#entries.delete(value);
    return value;
  }

  /** False when the entry isn't in the queue. */
  remove(entry: T): boolean {
    return this.#entries.delete(entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  *[Symbol.iterator](): IterableIterator<T> {
    yield* this.#entries;
  }
}
