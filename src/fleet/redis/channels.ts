import type { Redis } from "ioredis";
import { disconnect, type FleetRedis } from "./connection.ts";

type Listener = (message: string) => void;

/** Passed to listeners when messages may have been missed, so that each checks for itself. */
const UNKNOWN = "";

/**
 * Subscriptions of this process: one connection, which is opened with the first of them. Messages are
 * hints, never data: a lost one only costs time.
 */
export class Channels {
  readonly #redis: FleetRedis;
  readonly #listeners = new Map<string, Set<Listener>>();
  #client: Redis | undefined;

  constructor(redis: FleetRedis) {
    this.#redis = redis;
  }

  /** Subscribes. Resolves once the subscription is active; dispose of the result to end it. */
  async subscribe(channel: string, listener: Listener): Promise<Disposable> {
    const subscription = this.add(channel, listener);
    await this.#open().subscribe(channel);
    return subscription;
  }

  /** Like `subscribe`, without waiting: the listener is called when the subscription is active. */
  add(channel: string, listener: Listener): Disposable {
    const entry: Listener = (message) => listener(message);
    let listeners = this.#listeners.get(channel);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(channel, listeners);
      this.#listenOn(this.#open(), channel);
    }
    listeners.add(entry);
    return { [Symbol.dispose]: () => this.#remove(channel, entry) };
  }

  close(): void {
    if (this.#client) disconnect(this.#client);
    this.#listeners.clear();
  }

  #remove(channel: string, entry: Listener): void {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(entry) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    this.#client?.unsubscribe(channel).catch(() => {});
  }

  #open(): Redis {
    if (this.#client) return this.#client;
    const client = this.#redis.duplicate();
    client.on("message", (channel: string, message: string) => this.#tell(channel, message));
    // ioredis doesn't catch the rejection of its own subscriptions if the connection is lost again.
    client.options.autoResubscribe = false;
    client.on("ready", () => {
      for (const channel of this.#listeners.keys()) this.#listenOn(client, channel);
    });
    this.#client = client;
    return client;
  }

  /**
   * Subscribes. Listeners are called once, because messages may have been missed until now. The
   * subscription ends with its connection; the next connection subscribes again.
   */
  #listenOn(client: Redis, channel: string): void {
    client
      .subscribe(channel)
      .then(() => this.#tell(channel, UNKNOWN))
      .catch(() => {});
  }

  #tell(channel: string, message: string): void {
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(message);
  }
}
