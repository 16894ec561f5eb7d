interface Node<T> {
  readonly entry: T;
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
}

/**
 * A queue from which any entry can be removed; every operation takes constant time. (A Set steps
 * over removed entries to find its first one, and its open iterators keep removed entries alive.)
 */
export class Fifo<T extends object> {
  readonly #nodes = new Map<T, Node<T>>();
  #first: Node<T> | undefined;
  #last: Node<T> | undefined;

  get size(): number {
    return this.#nodes.size;
  }

  /** The oldest entry. */
  get first(): T | undefined {
    return this.#first?.entry;
  }

  /** Adds an entry. Does nothing if it is already in the queue. */
  push(entry: T): void {
    if (this.#nodes.has(entry)) return;
    const node: Node<T> = { entry, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = node;
    else this.#first = node;
    this.#last = node;
    this.#nodes.set(entry, node);
  }

  /** Takes the oldest entry. */
  shift(): T | undefined {
    const entry = this.#first?.entry;
    if (entry !== undefined) this.remove(entry);
    return entry;
  }

  /** Removes an entry. Returns false if it isn't in the queue. */
  remove(entry: T): boolean {
    const node = this.#nodes.get(entry);
    if (node === undefined) return false;
    this.#nodes.delete(entry);
    if (node.previous) node.previous.next = node.next;
    else this.#first = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.#last = node.previous;
    return true;
  }

  clear(): void {
    this.#nodes.clear();
    this.#first = undefined;
    this.#last = undefined;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let node = this.#first; node; node = node.next) yield node.entry;
  }
}
