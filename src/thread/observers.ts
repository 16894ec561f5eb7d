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

export interface ObserversOptions {
  /** The observers of the thread that this one works for: they see it too. */
  readonly ofParent: () => Observers | undefined;
  /** There is one more or one less. */
  readonly onChanged: () => void;
}

/** The observers of one thread. */
export class Observers {
  readonly #own = new Set<ThreadObserver>();
  readonly #options: ObserversOptions;

  constructor(options: ObserversOptions) {
    this.#options = options;
  }

  /** Whether anybody observes the thread, or one that it works for. */
  get hasAny(): boolean {
    return this.#own.size > 0 || this.#options.ofParent()?.hasAny === true;
  }

  get subscriptions(): number {
    return this.#own.size;
  }

  /** Gives the observer what arrives from now on for this thread and those that work for it. */
  add(observer: ThreadObserver): Disposable {
    this.#own.add(observer);
    this.#options.onChanged();
    return {
      [Symbol.dispose]: () => {
        if (this.#own.delete(observer)) this.#options.onChanged();
      },
    };
  }

  tell(tell: (observer: ThreadObserver) => void): void {
    for (const observer of this.#own) tell(observer);
    this.#options.ofParent()?.tell(tell);
  }
}
