/** An async iterator that can be left in every way that the language has, given `next` and `return`. */
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
