import { type FleetConnection, FleetRedis } from "../redis/connection.ts";
import { Keys } from "../redis/keys.ts";
import { BlobThreadStore } from "./blob-thread-store.ts";
import type { Blobs } from "./blobs.ts";
import type { ThreadStore } from "./thread-store.ts";

export interface RedisStoreOptions {
  /** The fleet's name, as in `FleetOptions`. Default "fleet". */
  readonly name?: string | undefined;
}

/**
 * Stores threads in Redis, which holds all of them in memory. Suitable for small fleets and first experiments.
 * Dispose of it to close its connection.
 *
 * @example
 * const store = redisStore("redis://127.0.0.1:6379");
 */
export function redisStore(
  connection: FleetConnection,
  options: RedisStoreOptions = {},
): ThreadStore & Disposable {
  const keys = new Keys(options.name ?? "fleet");
  const redis = new FleetRedis(connection, keys, () => {});
  const store = new BlobThreadStore(new RedisBlobs(redis, keys));
  return Object.assign(store, { [Symbol.dispose]: () => redis.close() });
}

/** Blobs in Redis. Each folder is a hash. */
class RedisBlobs implements Blobs {
  readonly #redis: FleetRedis;
  readonly #keys: Keys;

  constructor(redis: FleetRedis, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  list(folder: string): Promise<string[]> {
    return this.#redis.client.hkeys(this.#keys.stored(folder));
  }

  async read(folder: string, name: string): Promise<Buffer | undefined> {
    return (await this.#redis.client.hgetBuffer(this.#keys.stored(folder), name)) ?? undefined;
  }

  async write(folder: string, name: string, bytes: Buffer): Promise<void> {
    const { client } = this.#redis;
    await this.#redis.persist(() => client.hset(this.#keys.stored(folder), name, bytes));
  }

  async remove(folder: string, names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#redis.client.hdel(this.#keys.stored(folder), ...names);
  }
}
