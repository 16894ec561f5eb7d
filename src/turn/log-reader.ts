import type { Notification } from "../rpc/messages.ts";
import type { DeltaNotification, DeltaRun } from "./deltas.ts";

/** The part of a run that a reader has not taken: all from `from` on. */
interface Unread {
  readonly run: DeltaRun;
  readonly from: number;
  /** What came first of it; handed on as it is when nothing has joined it. */
  readonly first: DeltaNotification | undefined;
}

/**
 * One reader's place in an event log. Iterate it once; leaving the loop early lets the log forget
 * it. A generator in all but its making: one around it would cost each notification two promises more.
 */
export class LogReader implements AsyncGenerator<Notification, undefined> {
  readonly #onReturn: () => void;
  #queue: (Notification | Unread)[] = [];
  #head = 0;
  readonly #unreadRuns = new Set<DeltaRun>();
  #waiting: ((result: IteratorResult<Notification, undefined> | Promise<never>) => void)[] = [];
  #ended = false;
  #reason: unknown;

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(notification: Notification): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ value: notification, done: false });
    else this.#queue.push(notification);
  }

  /** Whether what the run grows by is this reader's already. */
  hasUnread(run: DeltaRun): boolean {
    return this.#unreadRuns.has(run);
  }

  /** The run, of which this reader has nothing unread, has grown from `from` on. */
  extend(run: DeltaRun, from: number, first?: DeltaNotification): void {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting({ value: first ?? run.notificationFrom(from), done: false });
    } else {
      this.#unreadRuns.add(run);
      this.#queue.push({ run, from, first });
    }
  }

  end(reason?: unknown): void {
    this.#ended = true;
    this.#reason = reason;
    for (const waiting of this.#waiting.splice(0)) waiting(this.#finish());
  }

  next(): Promise<IteratorResult<Notification, undefined>> {
    const entry = this.#queue[this.#head];
    if (entry !== undefined) return Promise.resolve({ value: this.#take(entry), done: false });
    if (this.#ended) return Promise.resolve(this.#finish());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<Notification, undefined>> {
    this.#onReturn();
    this.#queue = [];
    this.#head = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  async throw(error: unknown): Promise<IteratorResult<Notification, undefined>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(entry: Notification | Unread): Notification {
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    if (!("run" in entry)) return entry;
    this.#unreadRuns.delete(entry.run);
    const { run, from, first } = entry;
    if (first && run.length === from + first.params.delta.length) return first;
    return run.notificationFrom(from);
  }

  /** The reason is thrown once; after it the iteration is over, as with a generator. */
  #finish(): IteratorResult<Notification, undefined> | Promise<never> {
    const reason = this.#reason;
    this.#reason = undefined;
    return reason === undefined ? { value: undefined, done: true } : Promise.reject(reason);
  }
}
