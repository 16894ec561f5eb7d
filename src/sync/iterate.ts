import type { Entry } from "./bridge.ts";
import type { Remote } from "./remote.ts";

/** Reads an asynchronous iterator of the worker, which is let go at its end or when the reader leaves. */
export function remoteIterator<T>(remote: Remote, entry?: Entry): IterableIterator<T, undefined> {
  const iterator: IterableIterator<T, undefined> = {
    next: () => {
      let step: IteratorResult<T, undefined> | undefined;
      try {
        step = remote.call(entry ?? iterator.next, "next") as IteratorResult<T, undefined>;
        return step;
      } finally {
        if (step?.done !== false) remote.release();
      }
    },
    return: () => {
      remote.release();
      return { value: undefined, done: true };
    },
    [Symbol.iterator]: () => iterator,
  };
  return iterator;
}

/** The same as a generator, which has `open` get the iterator when it is first read. */
export function* iterate<T>(open: (entry: Entry) => unknown): Generator<T, undefined> {
  yield* remoteIterator<T>(open(iterate) as Remote, iterate);
}
