import { HttpError } from "./errors.ts";

const WINDOW_MS = 60_000;
/** The maximum number of remembered clients. Beyond it, the ones seen first are forgotten. */
const MAX_CLIENTS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Lets each client make this many requests in a minute, spread out or all at once. */
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
    // The map is in the order of the clients' last requests.
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

/** Lets each client have this many requests in progress. */
export class BusyLimit {
  readonly #atOnce: number;
  readonly #counts = new Map<string, number>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** @throws HttpError if the client already has the maximum in progress. */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    const leave = this.enter(client);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /**
   * Counts one more until the returned function is called.
   * @throws HttpError if the client already has the maximum in progress.
   */
  enter(client: string): () => void {
    const count = this.#counts.get(client) ?? 0;
    if (count >= this.#atOnce) {
      const message = `This client has ${this.#atOnce} requests in progress, the maximum: wait until one has ended`;
      throw new HttpError(429, "TOO_MANY_REQUESTS", message, { "retry-after": "1" });
    }
    this.#counts.set(client, count + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      const left = (this.#counts.get(client) ?? 1) - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
    };
  }
}
