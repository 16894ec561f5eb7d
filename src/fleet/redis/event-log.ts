import type { EventLog, LoggedEntry, ReadFrom, TurnChange } from "../event-log.ts";
import { eventId } from "../event-log.ts";
import type { Channels } from "./channels.ts";
import type { FleetRedis } from "./connection.ts";
import type { Keys } from "./keys.ts";

/** How long a reader waits for a notification before it checks for itself. */
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

  async read(turn: string, from: ReadFrom | undefined, limit: number): Promise<LoggedEntry[]> {
    const key = this.#keys.events(turn);
    const { client } = this.#redis;
    let start = "-";
    if (from && "after" in from) start = `(${eventId(from.after)}`;
    else if (from) {
      const [holder] = await client.xrevrange(key, eventId(from.holding), "-", "COUNT", 1);
      start = holder?.[0] ?? "-";
    }
    const entries = await client.xrange(key, start, "+", "COUNT", limit);
    return entries.map(([id, fields]) => {
      const [epoch = "", number = ""] = id.split("-");
      return { epoch, number: Number(number), data: fields[fields.indexOf("d") + 1] ?? "" };
    });
  }

  watch(turn: string, change: TurnChange, wake: () => void): Disposable {
    const { eventsChannel, outcomeChannel } = this.#keys;
    const channel = change === "events" ? eventsChannel(turn) : outcomeChannel(turn);
    const subscription = this.#channels.add(channel, (message) => {
      if (change === "end" && message === ANSWER) return;
      wake();
    });
    const timer = setInterval(wake, RECHECK_MS);
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        subscription[Symbol.dispose]();
      },
    };
  }
}

/** The message that the scripts publish for an answer. */
const ANSWER = "a";
