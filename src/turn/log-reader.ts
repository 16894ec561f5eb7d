import type { Notification } from "../rpc/messages.ts";
import { AsyncReader } from "../util/async-reader.ts";
import { DeltaGroup, Entry } from "./entries.ts";

/** The parts of a log that a reader needs. */
export interface ReadLog {
  /** How the log ended, if it has. */
  readonly ending: { readonly reason: unknown } | undefined;
  /** Wakes the reader when there is more. It must not be waiting already. */
  wakeLater(reader: Wakeable): void;
  /** Removes a reader that needs no more notifications. */
  leave(reader: Wakeable): void;
}

export interface Wakeable {
  /** Called when there is more to read or the log has ended. Returns false if the reader is still waiting. */
  wake(): boolean;
  /** Owned by the log: the next waiting reader. */
  nextWaiting: Wakeable | undefined;
}

type Result<T> = IteratorResult<T, undefined>;
type Settle<T> = (result: Result<T> | Promise<never>) => void;

/**
 * A reader of a log. Iterate it once. It isn't a generator, which would cost two more promises
 * for each notification, and whose `return()` would wait for the next one.
 */
export class LogReader<T = Notification> extends AsyncReader<T> implements Wakeable {
  #log: ReadLog | undefined;
  #entry: Entry;
  readonly #pick: (notification: Notification) => T | undefined;
  /** How much was read of each run of the current group. */
  #offsets: number[] = [];
  /** The run of the group to check first, so that each gets its turn. */
  #run = 0;
  nextWaiting: Wakeable | undefined;
  /** The pending calls to `next()`: the first, and those after it. */
  #waiting: Settle<T> | undefined;
  readonly #queue: Settle<T>[] = [];

  /**
   * Reads the entries after `entry`. The reader yields the results of `pick`, and skips undefined.
   */
  constructor(log: ReadLog, entry: Entry, pick: (notification: Notification) => T | undefined) {
    super();
    this.#log = log;
    this.#entry = entry;
    this.#pick = pick;
  }

  wake(): boolean {
    while (this.#waiting) {
      const result = this.#take() ?? this.#finished();
      if (result === undefined) return false;
      this.#waiting(result);
      this.#waiting = this.#queue.shift();
    }
    return true;
  }

  next(): Promise<Result<T>> {
    // Calls are settled in order.
    if (this.#waiting) return new Promise((resolve) => this.#queue.push(resolve));
    const result = this.#take() ?? this.#finished();
    if (result !== undefined) return Promise.resolve(result);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#log?.wakeLater(this);
    });
  }

  return(): Promise<Result<T>> {
    this.#log?.leave(this);
    this.#log = undefined;
    this.#entry = new Entry();
    this.wake();
    return Promise.resolve(done());
  }

  #take(): { value: T; done: false } | undefined {
    for (;;) {
      const notification = this.#nextNotification();
      if (notification === undefined) return undefined;
      const value = this.#pick(notification);
      if (value !== undefined) return { value, done: false };
    }
  }

  #nextNotification(): Notification | undefined {
    for (;;) {
      const { content, next } = this.#entry;
      const unread = content instanceof DeltaGroup ? this.#unreadOf(content) : undefined;
      if (unread !== undefined) return unread;
      if (next === undefined) return undefined;
      this.#entry = next;
      this.#offsets = [];
      this.#run = 0;
      if (next.content !== undefined && !(next.content instanceof DeltaGroup)) return next.content;
    }
  }

  /** The unread text of one run of the group. */
  #unreadOf({ runs }: DeltaGroup): Notification | undefined {
    for (let count = 0; count < runs.length; count++) {
      const index = (this.#run + count) % runs.length;
      const offset = this.#offsets[index] ?? 0;
      const run = runs[index];
      // A delta may be empty.
      if (run === undefined || (run.length === offset && index in this.#offsets)) continue;
      this.#run = index + 1;
      this.#offsets[index] = run.length;
      return run.notificationFrom(offset);
    }
    return undefined;
  }

  /**
   * The end of the iteration, if the log has ended. The reason is thrown once; after that the
   * iteration has ended, as with a generator.
   */
  #finished(): Result<T> | Promise<never> | undefined {
    if (this.#log === undefined) return done();
    const { ending } = this.#log;
    if (ending === undefined) return undefined;
    this.#log = undefined;
    return ending.reason === undefined ? done() : Promise.reject(ending.reason);
  }
}

function done(): { value: undefined; done: true } {
  return { value: undefined, done: true };
}
