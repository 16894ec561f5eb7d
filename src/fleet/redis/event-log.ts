import type { EventId, EventLog, LoggedEntry } from "../event-log.ts";
import { eventId } from "../event-log.ts";
import type { Channels } from "./channels.ts";
import type { FleetRedis } from "./connection.ts";
import type { Keys } from "./keys.ts";

/** How long a reader trusts that it would have been woken. */
const RECHECK_MS = 3_000;

/** The events in Redis Streams: one stream for each turn. */
export class RedisEventLog implements EventLog {
  readonly #redis: FleetRedis;
  readonly #keys: Keys;
  readonly #channels: Channels;

  constructor(redis: FleetRedis, keys: Keys, channels: Channels) {
    this.#redis = redis;
    this.#keys = keys;
    this.#channels = channels;
  }

  async read(turn: string, from: EventId | undefined, limit: number): Promise<LoggedEntry[]> {
    const key = this.#keys.events(turn);
    const { client } = this.#redis;
    let start = "-";
    if (from) {
      // The entry that holds an event begins at it or before.
      const [holder] = await client.xrevrange(key, eventId(from), "-", "COUNT", 1);
      start = holder?.[0] ?? "-";
    }
    const entries = await client.xrange(key, start, "+", "COUNT", limit);
    return entries.map(([id, fields]) => {
      const [epoch = "", number = ""] = id.split("-");
      return { epoch, number: Number(number), data: fields[fields.indexOf("d") + 1] ?? "" };
    });
  }

  watch(turn: string, wake: () => void): Disposable {
    const subscription = this.#channels.add(this.#keys.eventsChannel(turn), wake);
    const timer = setInterval(wake, RECHECK_MS);
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        subscription[Symbol.dispose]();
      },
    };
  }
}
