import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import type { Codex } from "../../client/codex.ts";
import { CodexWarning, type Warn } from "../../errors/warning.ts";
import { quoteForeign } from "../../text/secrets.ts";
import type { FleetRedis } from "../redis/connection.ts";
import { HandedOver } from "./handed-over.ts";
import { stateOfUser, thisUser } from "./home-user.ts";
import { restoreKept, type Unrestored } from "./strangers.ts";
import { homeOf } from "./thread-archive.ts";

/** How long a turn waits before a worker tries again to run it. */
const RETRY_MS = 1_000;
/**
 * How long a claim is remembered after its last renewal. A process can be paused, and its servers still have their
 * threads loaded.
 */
const KEEP_MS = 60 * 60 * 1000;

interface Claimed {
  /** The home's name in Redis. */
  readonly name: string;
  /** Until when no other process can have taken it, by `performance.now()`. */
  readonly until: number;
}

/**
 * The homes (`CODEX_HOME`) that this process's servers use for the fleet. Two servers with the same home would replace
 * each other's histories, so only one process can use a home at a time.
 */
export class Homes {
  readonly #redis: FleetRedis;
  readonly #lockMs: number;
  readonly #warn: Warn;
  readonly #user = thisUser();
  /** By path. */
  readonly #claimed = new Map<string, Claimed>();
  readonly #warned = new Set<string>();

  constructor(redis: FleetRedis, lockMs: number, warn: Warn) {
    this.#redis = redis;
    this.#lockMs = lockMs;
    this.#warn = warn;
  }

  /**
   * Claims the home of a server.
   * @throws HandedOver if another process on this machine has claimed it.
   */
  async claim(codex: Codex): Promise<void> {
    await codex.connect();
    const path = homeOf(codex);
    const known = this.#claimed.get(path);
    if (known && known.until > performance.now()) return;
    const holder = await this.#take(path, known?.name ?? (await nameOf(path)));
    if (holder !== "") throw this.#inUse(path, holder);
    if (!known) this.#warnOf(await restoreKept(path));
    this.#warned.delete(path);
  }

  async renew(): Promise<void> {
    // If this process was presumed lost, another one may have taken over its homes.
    for (const [path, { name }] of this.#claimed) await this.#take(path, name);
  }

  async release(): Promise<void> {
    const claimed = [...this.#claimed.values()];
    this.#claimed.clear();
    await Promise.all(
      claimed.map(({ name }) => this.#redis.run("home", name, "", this.#user, 0, 0)),
    );
  }

  /** Returns the process that has claimed the home; "" if it is this one. */
  async #take(path: string, name: string): Promise<string> {
    for (let over = ""; ; ) {
      const until = performance.now() + this.#lockMs;
      const earlier = over;
      const keepMs = Math.max(this.#lockMs, KEEP_MS);
      const [holder, isCurrent] = (await this.#redis.persist(() =>
        this.#redis.run("home", name, this.#user, earlier, this.#lockMs, keepMs),
      )) as [string, number];
      if (holder === "") {
        this.#claimed.set(path, { name, until });
        return "";
      }
      this.#claimed.delete(path);
      if (holder === over || !isOver(holder, isCurrent === 1)) return holder;
      over = holder;
    }
  }

  #warnOf([first, ...others]: readonly Unrestored[]): void {
    if (!first) return;
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    const message =
      `Histories that a worker kept while it deleted threads can't be restored: ${quoteForeign(first.path)}${more}. ` +
      "The next worker that uses this home will try again";
    this.#warn(new CodexWarning("FLEET_RETRY", message, { cause: first.cause }));
  }

  #inUse(path: string, holder: string): HandedOver {
    const [, pid] = JSON.parse(holder) as [string, number];
    const message =
      `The home ${path} is in use by a worker in another process (${pid}), so only that worker can run turns there: ` +
      "give the servers of each worker a different CODEX_HOME";
    if (!this.#warned.has(path)) this.#warn(new CodexWarning("FLEET_HOME", message));
    this.#warned.add(path);
    return new HandedOver(message, { delayMs: RETRY_MS });
  }
}

/** Names a folder of this machine, as all processes on it see it, also those in containers. */
async function nameOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path);
  const machine = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(hostname);
  return createHash("sha256").update(`${machine.trim()} ${dev} ${ino}`).digest("hex").slice(0, 32);
}

/** Whether a claim is over. It lasts as long as its process, or, if that can't be seen from here, as long as it is renewed. */
function isOver(holder: string, isCurrent: boolean): boolean {
  const state = stateOfUser(holder);
  return state === "unknown" ? !isCurrent : state === "ended";
}
