import { Redis, type RedisOptions } from "ioredis";
import { CodexError } from "../../errors/errors.ts";
import { CodexWarning, type Warn } from "../../errors/warning.ts";
import { delay } from "../../util/abort.ts";
import { isObject, kindOf } from "../../util/checks.ts";
import { messageOf } from "../../util/describe.ts";
import { isErrno } from "../../util/is-errno.ts";
import type { Keys } from "./keys.ts";
import { SCRIPTS, type ScriptName } from "./scripts.ts";

/** The Redis server to connect to: a URL such as "redis://127.0.0.1:6379", or the options of ioredis. */
export type FleetConnection = string | RedisOptions;

/**
 * The likely reason why Redis refused a connection. Redis sends the reason itself, but closes the
 * connection so quickly that the message is usually lost.
 */
const CLOSED_AT_ONCE =
  "Redis closed the connection immediately. If Redis runs on another machine, set a password there: without one, " +
  "Redis accepts only connections from its own machine";

/** How long to wait before a refused command is sent again. */
const REFUSED_MS = 500;
/**
 * Why Redis temporarily refuses a write: a failover, too few replicas, a full memory or disk, or because it is loading
 * or busy. Some versions embed a script's reason in a longer message.
 */
const REFUSAL =
  /(?:^|-)(?:READONLY|NOREPLICAS|MISCONF|OOM|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY)\b/;

type Argument = string | number | Buffer;
type Command = (...args: Argument[]) => Promise<unknown>;

/**
 * A Redis client that waits while Redis can't be reached, instead of failing: commands are sent when it
 * is back, and those without a reply are sent again.
 */
export class FleetRedis {
  readonly client: Redis;
  readonly #base: string;
  readonly #connection: FleetConnection;
  readonly #warn: Warn;
  #isReady = false;
  #isAway = false;
  #isRefused = false;
  #isClosed = false;

  constructor(connection: FleetConnection, keys: Keys, warn: Warn) {
    this.#connection = connection;
    this.#base = keys.base;
    this.#warn = warn;
    this.client = connect(connection);
    this.client.on("error", (cause) => {
      if (!isCut(cause)) this.#away(messageOf(cause), cause);
    });
    this.client.on("ready", () => {
      this.#isReady = true;
      this.#isAway = false;
    });
    this.client.on("close", () => {
      if (!this.#isReady) this.#away(CLOSED_AT_ONCE);
      this.#isReady = false;
    });
    for (const [name, lua] of Object.entries(SCRIPTS)) {
      this.client.defineCommand(`fleet_${name}`, { numberOfKeys: 1, lua });
    }
  }

  /** Runs one of the scripts. */
  run(script: ScriptName, ...args: readonly Argument[]): Promise<unknown> {
    const commands = this.client as unknown as Record<string, Command | undefined>;
    const command = commands[`fleet_${script}`];
    if (!command) throw new TypeError(`No script ${script}`);
    return command.call(this.client, `${this.#base}seq`, this.#base, ...args);
  }

  /**
   * Repeats a write for as long as Redis refuses it for a temporary reason. What a turn does must not depend on
   * whether Redis accepts a write at this moment.
   */
  async persist<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const reply = await write();
        this.#isRefused = false;
        return reply;
      } catch (cause) {
        if (this.#isClosed || !isRefusal(cause)) throw cause;
        this.#refused(cause);
      }
      await delay(REFUSED_MS);
    }
  }

  /** The time of Redis, in milliseconds: the clocks of callers and workers can differ from it, and from each other. */
  async now(): Promise<number> {
    const [seconds, microseconds] = await this.client.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  /** Another connection to the same Redis; subscriptions and blocking commands need their own. */
  duplicate(): Redis {
    const client = connect(this.#connection);
    client.on("error", () => {});
    return client;
  }

  /**
   * Refuses a Redis that may delete keys when its memory is full: threads and turns would be lost
   * without a trace.
   */
  async checkEviction(): Promise<void> {
    const info = await this.client.info("memory");
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    const limit = /^maxmemory:(\d+)/m.exec(info)?.[1];
    if (policy === undefined || policy === "noeviction") return;
    const message =
      `Redis is configured with maxmemory-policy "${policy}", so it may delete turns and threads ` +
      'when its memory is full. Set maxmemory-policy to "noeviction"';
    if (limit !== "0") throw new CodexError(message);
    this.#warn(new CodexWarning("FLEET_REDIS", message));
  }

  /** Closes the connection; commands without a reply reject. */
  close(): void {
    this.#isClosed = true;
    disconnect(this.client);
  }

  /** Warns once each time that Redis begins to refuse writes. */
  #refused(cause: unknown): void {
    if (this.#isRefused) return;
    this.#isRefused = true;
    const message = `Redis refused a write; it is retried until it succeeds: ${messageOf(cause)}`;
    this.#warn(new CodexWarning("FLEET_REDIS", message, { cause }));
  }

  /** Warns once each time that Redis can't be reached. */
  #away(fault: string, cause?: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    const message = `The connection to Redis failed and is being retried: ${fault}`;
    this.#warn(new CodexWarning("FLEET_REDIS", message, { cause }));
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError" && REFUSAL.test(error.message);
}

/** Whether the other end closed the connection. The next attempt shows whether Redis can be reached. */
function isCut(error: unknown): boolean {
  return isErrno(error, "EPIPE") || isErrno(error, "ECONNRESET");
}

/** Closes a connection permanently. */
export function disconnect(client: Redis): void {
  // Between two attempts to connect, ioredis would keep the waiting commands: they reject only if
  // an attempt is cancelled.
  if (client.status === "reconnecting") client.connect().catch(() => {});
  client.disconnect();
}

function connect(connection: FleetConnection): Redis {
  const client = newClient(connection);
  // This listener runs first, before the error reaches other listeners, or callers whose commands fail with it.
  client.on("error", hideCommand);
  return client;
}

function newClient(connection: FleetConnection): Redis {
  // The code expects replies in the default form.
  const { replyMapping: _, ...given } = typeof connection === "string" ? {} : connection;
  const options = {
    retryStrategy: (times: number) => Math.min(50 * times, 1000),
    ...given,
    // BullMQ's workers require it, and calls must not fail because Redis restarts.
    maxRetriesPerRequest: null,
  };
  return typeof connection === "string" ? new Redis(connection, options) : new Redis(options);
}

/**
 * Removes the command from a Redis error: if Redis refuses the login or the connection, that
 * command is the login, with its password.
 */
export function hideCommand(error: unknown): void {
  if (isObject(error)) Reflect.deleteProperty(error, "command");
}

/** What is wrong with the option, as the rest of a sentence that begins with its name. */
export function connectionFault(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (/^rediss?:\/\/|^unix:\/\/|^\//.test(value)) return undefined;
    return " must be a URL that begins with redis:// or rediss://, or the options of ioredis";
  }
  if (isObject(value)) return undefined;
  return ` must be a URL or the options of ioredis, not ${kindOf(value)}`;
}
