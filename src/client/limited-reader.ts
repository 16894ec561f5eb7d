import { onAbort, orAborted } from "../util/abort.ts";
import { AsyncReader } from "../util/async-reader.ts";
import type { Deadline } from "../util/deadline.ts";

export interface LimitedReaderOptions {
  /** Disposed of when reading or the source has ended. */
  readonly limit: Deadline;
  /** Called once, when the limit aborts before the reading has ended. */
  readonly onAbort: () => void;
  /** Creates the error that the loop throws when the limit aborts. */
  readonly failure: (reason: unknown) => Error;
  /** Resolves when the source has ended: from then on the limit has no effect. */
  readonly ended: Promise<void>;
}

/** Reads until a signal aborts or a time limit expires. Unread notifications are then dropped. */
export class LimitedReader<T> extends AsyncReader<T> {
  readonly #reader: AsyncGenerator<T, undefined>;
  readonly #options: LimitedReaderOptions;
  readonly #stopWatching: () => void;
  #isOver = false;
  #isLifted = false;

  constructor(reader: AsyncGenerator<T, undefined>, options: LimitedReaderOptions) {
    super();
    this.#reader = reader;
    this.#options = options;
    this.#stopWatching = onAbort(options.limit.signal, options.onAbort);
    options.ended.then(() => this.#lift());
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return { value: undefined, done: true };
    const { limit, failure } = this.#options;
    try {
      const signal = this.#isLifted ? undefined : limit.signal;
      const result = await orAborted(this.#reader.next(), signal);
      if (result.done) this.#end();
      return result;
    } catch (error) {
      const isLimit = limit.signal?.aborted && limit.signal.reason === error;
      await this.return();
      throw isLimit ? failure(error) : error;
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return await this.#reader.return(undefined);
  }

  #end(): void {
    this.#isOver = true;
    this.#lift();
  }

  #lift(): void {
    this.#isLifted = true;
    this.#stopWatching();
    this.#options.limit[Symbol.dispose]();
  }
}
