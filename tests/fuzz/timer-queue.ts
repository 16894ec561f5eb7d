export interface Timer {
  readonly time: number;
  run: () => void;
  readonly everyMs: number | undefined;
  readonly isHarness: boolean;
}

interface Entry extends Timer {
  run: () => void;
  readonly id: number;
  /** Timers with the same time run in the order in which they were added. */
  readonly order: number;
}

const nothing = () => {};

/** Timers sorted by time: a binary heap; removed timers are discarded when they reach its top. */
export class TimerQueue {
  readonly #heap: Entry[] = [];
  readonly #live = new Map<number, Entry>();
  #last = 0;

  /** Returns an id. A repeated timer keeps its id. */
  add(timer: Timer & { readonly id?: number }): number {
    const order = ++this.#last;
    const entry = { ...timer, id: timer.id ?? order, order };
    this.#live.set(entry.id, entry);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry.id;
  }

  remove(id: number): void {
    const entry = this.#live.get(id);
    this.#live.delete(id);
    // The heap mustn't keep the callback alive.
    if (entry) entry.run = nothing;
  }

  count(which: (timer: Timer) => boolean): number {
    return [...this.#live.values()].filter(which).length;
  }

  /** Removes the first timer that is due by then. */
  takeUntil(time: number): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.time > time) return undefined;
      this.#pop();
      if (this.#live.get(first.id) !== first) continue;
      this.#live.delete(first.id);
      return first;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (this.#isBefore(left, first)) first = left;
      if (this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
