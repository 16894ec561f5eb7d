import { HttpError } from "./errors.ts";

const WINDOW_MS = 60_000;
/** Beyond it, the clients that were seen first are forgotten. */
const MAX_CLIENTS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Lets each client make so many requests in a minute, evenly or at once. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @throws HttpError that says when to try again. */
  count(client: string, now: number = Date.now()): void {
    const { tokens, at } = this.#buckets.get(client) ?? { tokens: this.#perMinute, at: now };
    const gained = (Math.max(now - at, 0) / WINDOW_MS) * this.#perMinute;
    const left = Math.min(tokens + gained, this.#perMinute) - 1;
    // The order of the map is that of the last requests.
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: Math.max(left, 0), at: now });
    if (this.#buckets.size > MAX_CLIENTS) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    if (left >= 0) return;
    const seconds = Math.ceil((-left * WINDOW_MS) / this.#perMinute / 1000);
    throw new HttpError(429, "TOO_MANY_REQUESTS", `Too many requests; try again in ${seconds} s`, {
      "retry-after": String(seconds),
    });
  }
}
