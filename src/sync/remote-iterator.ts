import type { BlockingIterator } from "./blocking.ts";
import type { Entry } from "./bridge.ts";
import type { RemoteObject } from "./remote-object.ts";

/**
 * Reads an asynchronous iterator of the worker, and releases it when it ends or the loop is left.
 */
export class RemoteIterator<T> implements BlockingIterator<T> {
  readonly #entry: Entry;
  readonly #isClosed: () => boolean;
  #remote: RemoteObject | undefined;

  /**
   * @param entry The public function whose caller error stacks begin with. Default: `next`.
   * @param isClosed Whether the client was closed, which ends the iterator. Default: closing makes it throw.
   */
  constructor(
    remote: RemoteObject,
    { entry, isClosed = () => false }: { entry?: Entry; isClosed?: () => boolean } = {},
  ) {
    this.#remote = remote;
    this.#entry = entry ?? this.next;
    this.#isClosed = isClosed;
  }

  next(): IteratorResult<T, undefined> {
    const remote = this.#remote;
    if (remote === undefined || this.#isClosed()) return this.return();
    let step: IteratorResult<T, undefined> | undefined;
    try {
      step = remote.call(this.#entry, "next") as IteratorResult<T, undefined>;
      return step;
    } finally {
      if (step?.done !== false) this.return();
    }
  }

  return(): IteratorReturnResult<undefined> {
    this.#remote?.release();
    this.#remote = undefined;
    return { value: undefined, done: true };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/**
 * Reads an asynchronous iterator as a generator, which calls `open` for the iterator when it is
 * first read, and `onDone` when it is finished.
 */
export function* iterate<T>(
  open: (entry: Entry) => unknown,
  onDone: () => void = () => {},
): Generator<T, undefined> {
  for (const item of new RemoteIterator<T>(open(iterate) as RemoteObject, { entry: iterate })) {
    yield item;
  }
  onDone();
}
