import type { Keeper } from "./caller-packing.ts";

/** What the calling thread keeps for the worker: values by number, and the signals of both sides. */
export class Keep implements Keeper {
  readonly #onAbort: (signal: number, reason: unknown) => void;
  readonly #onSignalGone: (signal: number) => void;
  readonly #values = new Map<number, unknown>();
  readonly #signals = new WeakMap<AbortSignal, number>();
  readonly #collected = new FinalizationRegistry<number>((signal) => this.#onSignalGone(signal));
  readonly #controllers = new Map<number, AbortController>();
  #lastId = 0;

  /** `onAbort` hears of a signal that was handed over, `onSignalGone` that it can't abort any more. */
  constructor(
    onAbort: (signal: number, reason: unknown) => void,
    onSignalGone: (signal: number) => void,
  ) {
    this.#onAbort = onAbort;
    this.#onSignalGone = onSignalGone;
  }

  hold(value: unknown): number {
    this.#values.set(++this.#lastId, value);
    return this.#lastId;
  }

  value(held: number): unknown {
    return this.#values.get(held);
  }

  release(held: number): void {
    this.#values.delete(held);
  }

  signal(signal: AbortSignal): number {
    const known = this.#signals.get(signal);
    if (known !== undefined) return known;
    const id = ++this.#lastId;
    this.#signals.set(signal, id);
    this.#collected.register(signal, id, signal);
    signal.addEventListener("abort", () => this.#onAbort(id, signal.reason), { once: true });
    return id;
  }

  /** For a signal that was made for one call. */
  releaseSignal(signal: AbortSignal): void {
    const id = this.#signals.get(signal);
    if (id === undefined) return;
    this.#signals.delete(signal);
    this.#collected.unregister(signal);
    this.#onSignalGone(id);
  }

  /** A signal of the worker's, for as long as the function runs that gets it. */
  workerSignal(signal: number): AbortSignal {
    const controller = this.#controllers.get(signal) ?? new AbortController();
    this.#controllers.set(signal, controller);
    return controller.signal;
  }

  abortWorkerSignal(signal: number, reason: unknown): void {
    this.#controllers.get(signal)?.abort(reason);
  }

  forgetWorkerSignal(signal: number): void {
    this.#controllers.delete(signal);
  }
}
