import type { Warn } from "../errors/warning.ts";
import { Listeners } from "../session/listeners.ts";
import type { Entry } from "./bridge.ts";
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

/** Listeners of the calling thread on objects of the worker. */
export class Subscriptions {
  readonly #warn: Warn;
  /** Subscriptions that weren't disposed of: they outlive the objects that `listen` returns. */
  readonly #active = new Set<RemoteObject>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** Listeners that cause a warning if they throw. */
  guarded<Args extends unknown[]>(what: string): Listeners<Args> {
    return new Listeners<Args>(what, this.#warn);
  }

  listen<Args extends unknown[]>(
    { remote, entry, member, args, what }: Subscribing,
    listener: (...args: Args) => void,
  ): Disposable {
    const listeners = this.guarded<Args>(what);
    const listening = listeners.add(listener);
    const notify = (...values: Args): void => listeners.tell(...values);
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
