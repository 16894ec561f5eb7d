import { CodexWarning, type Warn } from "../errors/warning.ts";
import type { Notification } from "../rpc/messages.ts";
import { EventLog } from "../turn/event-log.ts";
import type { LogReader } from "../turn/log-reader.ts";

type Listener = (params: unknown, notification: Notification) => void;

/** Hands every notification of the server to those who asked for it, whatever turn it belongs to. */
export class NotificationHub {
  readonly #warn: Warn;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #log = new EventLog({ retain: false });

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** Whether anybody wants notifications of this method. */
  wants(method: string): boolean {
    return this.#log.hasReaders || this.#listeners.has(method);
  }

  on(method: string, listener: Listener): Disposable {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners);
    // A wrapper, so that the same function registered twice is called twice and taken off once.
    const entry: Listener = (params, notification) => listener(params, notification);
    listeners.add(entry);
    return {
      [Symbol.dispose]: () => {
        listeners.delete(entry);
        if (listeners.size === 0 && this.#listeners.get(method) === listeners) {
          this.#listeners.delete(method);
        }
      },
    };
  }

  notifications(): LogReader {
    return this.#log.read();
  }

  publish(notification: Notification): void {
    if (this.#log.hasReaders) this.#log.append(notification);
    const listeners = this.#listeners.get(notification.method);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(notification.params, notification);
      } catch (cause) {
        const message = `A listener of ${notification.method} threw: ${String(cause)}`;
        this.#warn(new CodexWarning("LISTENER_FAILED", message, { cause }));
      }
    }
  }

  end(reason?: Error): void {
    this.#log.end(reason);
    this.#listeners.clear();
  }
}
