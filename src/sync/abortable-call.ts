import { onAbort } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";

/** A call in the worker that Ctrl-C in the calling thread aborts, like its own signal. */
export class AbortableCall implements Disposable {
  readonly #controller = new AbortController();
  #stopFollowing = () => {};

  /**
   * The arguments, with this call's signal added to the options, which come last. Invalid options
   * aren't changed.
   */
  withSignal(args: readonly unknown[]): unknown[] {
    const options = args.at(-1);
    if (!isRecord(options)) return [...args];
    const { signal } = options;
    if (signal !== undefined && !(signal instanceof AbortSignal)) return [...args];
    this.#stopFollowing = onAbort(signal, () => this.#controller.abort(signal?.reason));
    return [...args.slice(0, -1), { ...options, signal: this.#controller.signal }];
  }

  abort(): void {
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    this.#stopFollowing();
  }
}
