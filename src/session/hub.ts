import type { Warn } from "../errors/warning.ts";
import type { Notification } from "../rpc/messages.ts";
import { EventLog } from "../turn/event-log.ts";
import type { LogReader } from "../turn/log-reader.ts";
import { Listeners } from "./listeners.ts";

/** Delivers every notification from the server to its subscribers. */
export class NotificationHub {
  readonly #warn: Warn;
  readonly #listeners = new Map<string, Listeners<[params: unknown]>>();
  readonly #log = new EventLog({ retain: false });

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** Whether there is a subscriber to notifications of this method. */
  wants(method: string): boolean {
    return this.#log.hasReaders || (this.#listeners.get(method)?.size ?? 0) > 0;
  }

  /** The number of listeners and readers of notifications. */
  get subscriptions(): number {
    let count = this.#log.readers;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }

  on(method: string, listener: (params: unknown) => void): Disposable {
    const listeners = this.#listeners.get(method) ?? new Listeners(method, this.#warn);
    const listening = listeners.add(listener);
    this.#listeners.set(method, listeners);
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        if (listeners.size === 0 && this.#listeners.get(method) === listeners) {
          this.#listeners.delete(method);
        }
      },
    };
  }

  /** Returns a reader of all notifications from now on. */
  notifications(): LogReader {
    return this.#log.read();
  }

  publish(notification: Notification): void {
    this.#log.append(notification);
    this.#listeners.get(notification.method)?.tell(notification.params);
  }

  end(error?: Error): void {
    this.#log.end(error);
    this.#listeners.clear();
  }
}
