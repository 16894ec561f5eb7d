import { onAbort } from "../util/abort.ts";
import { deferred } from "../util/deferred.ts";
import { Fifo } from "../util/fifo.ts";

interface Waiter {
  readonly admit: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Callers that wait for a thread to be free, in order of arrival. */
export class StartQueue {
  readonly #waiters = new Fifo<Waiter>();

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /**
   * Resolves when `admitNext` reaches this caller; rejects with the signal's reason, or the reason
   * passed to `rejectAll`.
   */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = deferred<void>();
    const waiter: Waiter = { admit: resolve, reject };
    this.#waiters.push(waiter);
    const stop = onAbort(signal, () => {
      // Already admitted: the caller has the slot and must return it.
      if (this.#waiters.remove(waiter)) reject(signal?.reason);
    });
    await promise.finally(stop);
  }

  /** Admits the caller that has been waiting longest. */
  admitNext(): void {
    this.#waiters.shift()?.admit();
  }

  rejectAll(reason: unknown): void {
    for (let waiter = this.#waiters.shift(); waiter; waiter = this.#waiters.shift()) {
      waiter.reject(reason);
    }
  }
}
