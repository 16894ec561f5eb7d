import type { Notification } from "../rpc/messages.ts";

/** Is given what arrives for a thread and for those that work for it. None of these may throw. */
export interface ThreadObserver {
  /** A notification of one of the threads, in the order of the wire. */
  notified(notification: Notification): void;
  /** Notifications of this thread may have been lost. */
  missed(threadId: string): void;
  /** The server has answered that it sends this thread's notifications from now on. */
  subscribed(threadId: string): void;
  /** No more comes of this thread: it was unsubscribed from, or the client has ended. */
  refused?(threadId: string, reason: Error): void;
}

/** The observers of one thread. */
export class Observers {
  readonly #observers = new Set<ThreadObserver>();
  readonly #changed: () => void;

  /** `changed` is called when there is one more or one less. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#observers.size;
  }

  add(observer: ThreadObserver): Disposable {
    this.#observers.add(observer);
    this.#changed();
    return {
      [Symbol.dispose]: () => {
        if (this.#observers.delete(observer)) this.#changed();
      },
    };
  }

  [Symbol.iterator](): Iterator<ThreadObserver> {
    return this.#observers.values();
  }
}
