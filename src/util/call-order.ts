import { onAbort } from "./abort.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { Fifo } from "./fifo.ts";

/** A call's place in an order. Dispose of it when the call is over: later calls may wait for that. */
export interface CallPlace extends Disposable {
  /** Whether no earlier call is left that this one must not overtake. */
  readonly isReady: boolean;
  /** Resolves when this place is ready; rejects with the signal's reason. */
  ready(signal: AbortSignal | undefined): Promise<void>;
}

interface Entry<Kind> extends CallPlace {
  readonly kind: Kind;
  readonly number: number;
  isReady: boolean;
  /** Set while the call waits. */
  waiting: Deferred<void> | undefined;
}

/**
 * Keeps calls in order that must not overtake each other. Calls have kinds, and a call waits for the earlier ones of
 * certain kinds. A call that gives up waiting lets no later call overtake the ones before it.
 */
export class CallOrder<Kind extends string> {
  readonly #waitsFor: Readonly<Record<Kind, readonly Kind[]>>;
  /** Called when the last call has left. */
  readonly #emptied: () => void;
  readonly #present = new Map<Kind, Fifo<Entry<Kind>>>();
  /** The calls that aren't ready, in the order of their places: of each kind, the first becomes ready first. */
  readonly #blocked = new Map<Kind, Fifo<Entry<Kind>>>();
  #count = 0;
  #size = 0;

  /** `waitsFor`: for each kind, the kinds of earlier calls that it waits for. */
  constructor(waitsFor: Readonly<Record<Kind, readonly Kind[]>>, emptied: () => void = () => {}) {
    this.#waitsFor = waitsFor;
    this.#emptied = emptied;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Takes the last place. */
  enter(kind: Kind): CallPlace {
    const entry: Entry<Kind> = {
      kind,
      number: ++this.#count,
      isReady: false,
      waiting: undefined,
      ready: (signal) => this.#ready(entry, signal),
      [Symbol.dispose]: () => this.#leave(entry),
    };
    listOf(this.#present, kind).push(entry);
    this.#size++;
    entry.isReady = this.#mayGo(entry);
    if (!entry.isReady) listOf(this.#blocked, kind).push(entry);
    return entry;
  }

  #mayGo({ kind, number }: Entry<Kind>): boolean {
    return this.#waitsFor[kind].every((other) => {
      const first = this.#present.get(other)?.first;
      return first === undefined || first.number >= number;
    });
  }

  async #ready(entry: Entry<Kind>, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (entry.isReady) return;
    const waiting = deferred<void>();
    entry.waiting = waiting;
    const stop = onAbort(signal, () => waiting.reject(signal?.reason));
    await waiting.promise.finally(stop);
  }

  #leave(entry: Entry<Kind>): void {
    if (!this.#present.get(entry.kind)?.remove(entry)) return;
    this.#size--;
    this.#blocked.get(entry.kind)?.remove(entry);
    for (const blocked of this.#blocked.values()) {
      while (blocked.first && this.#mayGo(blocked.first)) {
        const next = blocked.shift();
        if (!next) break;
        next.isReady = true;
        next.waiting?.resolve();
      }
    }
    if (this.#size === 0) this.#emptied();
  }
}

function listOf<Kind, T extends object>(lists: Map<Kind, Fifo<T>>, kind: Kind): Fifo<T> {
  let list = lists.get(kind);
  if (list === undefined) {
    list = new Fifo<T>();
    lists.set(kind, list);
  }
  return list;
}
