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
}

interface Waiting<Kind> {
  readonly entry: Entry<Kind>;
  readonly admitted: Deferred<void>;
}

/**
 * Keeps calls that must not overtake each other in order. Calls have kinds, and a call waits for the earlier ones of
 * certain kinds. If a call gives up waiting, later calls still can't overtake the ones before it.
 */
export class CallOrder<Kind extends string> {
  readonly #waitsFor: Readonly<Record<Kind, readonly Kind[]>>;
  /** Called when the last call has left. */
  readonly #emptied: () => void;
  readonly #present = new Map<Kind, Fifo<Entry<Kind>>>();
  readonly #waiting = new Map<Kind, Fifo<Waiting<Kind>>>();
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
    const order = this;
    const entry: Entry<Kind> = {
      kind,
      number: ++this.#count,
      get isReady() {
        return order.#isReady(entry);
      },
      ready: (signal) => this.#ready(entry, signal),
      [Symbol.dispose]: () => this.#leave(entry),
    };
    listOf(this.#present, kind).push(entry);
    this.#size++;
    return entry;
  }

  #isReady({ kind, number }: Entry<Kind>): boolean {
    return this.#waitsFor[kind].every((other) => {
      const first = this.#present.get(other)?.first;
      return first === undefined || first.number >= number;
    });
  }

  async #ready(entry: Entry<Kind>, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#isReady(entry)) return;
    const waiting = { entry, admitted: deferred<void>() };
    const line = listOf(this.#waiting, entry.kind);
    line.push(waiting);
    const stop = onAbort(signal, () => waiting.admitted.reject(signal?.reason));
    await waiting.admitted.promise.finally(() => {
      stop();
      line.remove(waiting);
    });
  }

  #leave(entry: Entry<Kind>): void {
    if (!this.#present.get(entry.kind)?.remove(entry)) return;
    this.#size--;
    // Within a kind, the call that has waited the longest is ready first.
    for (const line of this.#waiting.values()) {
      while (line.first && this.#isReady(line.first.entry)) line.shift()?.admitted.resolve();
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
