/**
 * An async iterator, made from `next` and `return`, that supports every way the language has of
 * leaving a loop.
 */
export abstract class AsyncReader<T> implements AsyncGenerator<T, undefined> {
  abstract next(): Promise<IteratorResult<T, undefined>>;

  abstract return(): Promise<IteratorResult<T, undefined>>;

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
