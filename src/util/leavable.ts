import { orAborted } from "./abort.ts";
import { AsyncReader } from "./async-reader.ts";

/**
 * A generator that can be left immediately: `return()` ends pending calls to `next()`, and aborts
 * the signal passed to `make`. In a plain generator function, it would wait for the next value.
 */
export class Leavable<T> extends AsyncReader<T> {
  readonly #left = new AbortController();
  readonly #reader: AsyncGenerator<T, undefined>;

  constructor(make: (signal: AbortSignal) => AsyncGenerator<T, undefined>) {
    super();
    this.#reader = make(this.#left.signal);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const { signal } = this.#left;
    try {
      return await orAborted(this.#reader.next(), signal);
    } catch (error) {
      if (signal.aborted) return { value: undefined, done: true };
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#left.abort();
    this.#reader.return(undefined).catch(() => {});
    return { value: undefined, done: true };
  }
}
