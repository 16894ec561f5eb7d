/**
 * The values of the calling thread that the worker refers to by number. The worker releases an
 * entry when its representation of the value has been garbage-collected; the remaining entries are
 * released with the client.
 */
export class HandleTable {
  readonly #values = new Map<number, unknown>();
  #lastHandle = 0;

  get size(): number {
    return this.#values.size;
  }

  add(value: unknown): number {
    this.#values.set(++this.#lastHandle, value);
    return this.#lastHandle;
  }

  /** @throws TypeError for a handle that was released. */
  get(handle: number): unknown {
    if (this.#values.has(handle)) return this.#values.get(handle);
    throw new TypeError("The worker used a value of the calling thread after releasing it");
  }

  release(handle: number): void {
    this.#values.delete(handle);
  }

  clear(): void {
    this.#values.clear();
  }
}
