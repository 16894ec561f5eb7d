import type { Connection } from "../rpc/connection.ts";
import { orAborted } from "../util/abort.ts";

interface Attempt {
  readonly promise: Promise<Connection>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * The start that all concurrent first calls share. It is aborted when none of them is still
 * waiting, so that a call aborted during a cold start leaves nothing running. After a failure the
 * next call tries again.
 */
export class Launch {
  readonly #open: (signal: AbortSignal) => Promise<Connection>;
  /** The attempt that new calls will share. */
  #current: Attempt | undefined;
  /** Attempts that haven't finished: the current one, and aborted ones that are still cleaning up. */
  readonly #unfinished = new Set<Attempt>();

  constructor(open: (signal: AbortSignal) => Promise<Connection>) {
    this.#open = open;
  }

  async join(signal: AbortSignal | undefined): Promise<Connection> {
    this.#current ??= this.#start();
    const attempt = this.#current;
    attempt.waiting++;
    try {
      return await orAborted(attempt.promise, signal);
    } finally {
      attempt.waiting--;
      if (attempt.waiting === 0 && this.#unfinished.has(attempt)) {
        this.#current = undefined;
        attempt.controller.abort(signal?.reason);
      }
    }
  }

  /** Aborts all attempts, and waits until they have cleaned up. */
  async cancel(reason: Error): Promise<void> {
    const attempts = [...this.#unfinished];
    for (const { controller } of attempts) controller.abort(reason);
    await Promise.allSettled(attempts.map(({ promise }) => promise));
  }

  #start(): Attempt {
    const controller = new AbortController();
    const promise = this.#open(controller.signal).finally(() => {
      this.#unfinished.delete(attempt);
      if (this.#current === attempt) this.#current = undefined;
    });
    promise.catch(() => {});
    const attempt: Attempt = { promise, controller, waiting: 0 };
    this.#unfinished.add(attempt);
    return attempt;
  }
}
