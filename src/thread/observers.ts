import type { Notification } from "../rpc/messages.ts";

/**
 * Receives everything that arrives for a thread and its sub-agents. None of these methods may
 * throw.
 */
export interface ThreadObserver {
  /** Called with each notification of the threads, in wire order. */
  notified(notification: Notification): void;
  /** Called when notifications of this thread may have been lost. */
  missed(threadId: string): void;
  /** Called when the server has confirmed that it sends this thread's notifications from now on. */
  subscribed(threadId: string): void;
  /** Called when nothing more arrives for this thread: it was unsubscribed from, or the client has closed. */
  refused?(threadId: string, reason: Error): void;
}

export interface ObserversOptions {
  /** The observers of the parent thread, which also observe this one. */
  readonly ofParent: () => Observers | undefined;
  /** Called when the number of observers has changed. */
  readonly onChanged: () => void;
}

/** The observers of one thread. */
export class Observers {
  readonly #own = new Set<ThreadObserver>();
  readonly #options: ObserversOptions;

  constructor(options: ObserversOptions) {
    this.#options = options;
  }

  /** Whether the thread or one of its parents has an observer. */
  get hasAny(): boolean {
    return this.#own.size > 0 || this.#options.ofParent()?.hasAny === true;
  }

  get subscriptions(): number {
    return this.#own.size;
  }

  /** Sends the observer everything that arrives from now on for this thread and its sub-agents. */
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
