import type { Warn } from "../errors/warning.ts";
import { Listeners } from "../session/listeners.ts";
import type { Entry } from "./bridge.ts";
import { ListenerQueue } from "./listener-queue.ts";
import type { RemoteObject } from "./remote-object.ts";

/** A method of an object of the worker that takes a listener as its last argument. */
export interface Subscribing {
  readonly remote: RemoteObject;
  /** The public method that the user called. */
  readonly entry: Entry;
  readonly member: string;
  readonly args: readonly unknown[];
  /** Names the event in warnings. */
  readonly what: string;
}

interface Guarded<Args extends unknown[]> {
  readonly listening: Disposable;
  /** Calls the listener, now or when fewer listeners are running. Never throws. */
  notify(...args: Args): void;
}

/** Listeners of the calling thread on objects of the worker. */
export class Subscriptions {
  readonly #warn: Warn;
  readonly #queue = new ListenerQueue();
  /** Subscriptions that weren't disposed of: they outlive the objects that `listen` returns. */
  readonly #active = new Set<RemoteObject>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** A listener that causes a warning if it throws. */
  guarded<Args extends unknown[]>(what: string, listener: (...args: Args) => void): Guarded<Args> {
    const listeners = new Listeners<Args>(what, this.#warn);
    const listening = listeners.add(listener);
    return { listening, notify: (...args) => this.#queue.run(() => listeners.tell(...args)) };
  }

  listen<Args extends unknown[]>(
    { remote, entry, member, args, what }: Subscribing,
    listener: (...args: Args) => void,
  ): Disposable {
    const { listening, notify } = this.guarded(what, listener);
    const subscription = remote.call(entry, member, [...args, notify]) as RemoteObject;
    this.#active.add(subscription);
    return {
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        if (this.#active.delete(subscription)) subscription.release();
      },
    };
  }
}
