/** Mirrors of the worker's signals, each for as long as the function that received it runs. */
export class WorkerSignals {
  readonly #controllers = new Map<number, AbortController>();

  get size(): number {
    return this.#controllers.size;
  }

  mirror(signal: number): AbortSignal {
    const controller = this.#controllers.get(signal) ?? new AbortController();
    this.#controllers.set(signal, controller);
    return controller.signal;
  }

  abort(signal: number, reason: unknown): void {
    this.#controllers.get(signal)?.abort(reason);
  }

  forget(signal: number): void {
    this.#controllers.delete(signal);
  }
}
