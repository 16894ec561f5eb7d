import { onAbort } from "../util/abort.ts";
import type { CallPlace } from "../util/call-order.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { Fifo } from "../util/fifo.ts";
import type { ThreadCalls } from "./thread-calls.ts";

/** A caller's place in the order of a thread's starts. Dispose of it when the start is over. */
export interface StartPlace extends Disposable {
  /** Set while the caller waits to be admitted. */
  waiting: Deferred<void> | undefined;
  /**
   * The place among the thread's other calls. A caller that waits for a turn leaves it, and takes a new one
   * afterwards, so that changes don't wait until that turn has ended.
   */
  call: CallPlace;
  /** Whether a caller that waits to be admitted still has that place. */
  isInOrder: boolean;
  /** Whether the caller has set a time limit, which also ends its wait for earlier calls. */
  readonly hasLimit: boolean;
}

/**
 * The callers that want to start a turn, in order of arrival. A caller keeps its place while it
 * prepares its request, and while it waits to send the request again: callers behind it don't
 * overtake it.
 */
export class StartQueue {
  readonly #places = new Fifo<StartPlace>();
  readonly #calls: ThreadCalls;
  /** Called when a caller has left, so that another one may be first. */
  readonly #left: () => void;
  /** The number of callers that wait to be admitted. */
  #waiting = 0;

  constructor(calls: ThreadCalls, left: () => void) {
    this.#calls = calls;
    this.#left = left;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** Whether any caller waits to be admitted; the others prepare their requests. */
  get isWaitedFor(): boolean {
    return this.#waiting > 0;
  }

  /** Whether the first caller waits to be admitted. */
  get isFirstReady(): boolean {
    return this.#places.first?.waiting !== undefined;
  }

  join(hasLimit: boolean): StartPlace {
    const place: StartPlace = {
      waiting: undefined,
      hasLimit,
      call: this.#calls.enter("start"),
      isInOrder: true,
      [Symbol.dispose]: () => {
        place.call[Symbol.dispose]();
        if (this.#places.remove(place)) this.#left();
      },
    };
    this.#places.push(place);
    return place;
  }

  /** Whether this caller is first. A caller that has left the queue rejoins it at the end. */
  isFirst(place: StartPlace): boolean {
    this.#places.push(place);
    return this.#places.first === place;
  }

  /**
   * Resolves when `admitFirst` reaches this caller; rejects with the signal's reason, or the reason
   * passed to `rejectAll`.
   */
  async wait(place: StartPlace, signal: AbortSignal | undefined): Promise<void> {
    const waiting = deferred<void>();
    place.waiting = waiting;
    this.#waiting++;
    // A caller behind others waits for their turns. If it kept its place, they could wait for a change that waits for it.
    place.isInOrder = this.#places.first === place;
    if (!place.isInOrder) place.call[Symbol.dispose]();
    const stop = onAbort(signal, () => {
      // Already admitted: the caller has the slot and must return it.
      if (place.waiting === waiting) this.#endWait(place)?.reject(signal?.reason);
    });
    await waiting.promise.finally(stop);
  }

  /** Lets changes go before the first caller, if it waits to be admitted. Call it while a turn keeps it waiting. */
  standAside(): void {
    const { first } = this.#places;
    if (!first?.waiting) return;
    first.isInOrder = false;
    first.call[Symbol.dispose]();
  }

  /** Admits the first caller, which is ready. */
  admitFirst(): void {
    const { first } = this.#places;
    if (!first) return;
    const waiting = this.#endWait(first);
    if (waiting && !first.isInOrder) first.call = this.#calls.enter("start");
    waiting?.resolve();
  }

  rejectAll(reason: unknown): void {
    for (const place of [...this.#places]) this.#endWait(place)?.reject(reason);
  }

  #endWait(place: StartPlace): Deferred<void> | undefined {
    const { waiting } = place;
    if (waiting) this.#waiting--;
    place.waiting = undefined;
    return waiting;
  }
}
