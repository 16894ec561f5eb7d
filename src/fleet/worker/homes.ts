import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import type { Codex } from "../../client/codex.ts";
import { CodexWarning, type Warn } from "../../errors/warning.ts";
import { isErrno } from "../../util/is-errno.ts";
import type { FleetRedis } from "../redis/connection.ts";
import { HandedOver } from "./handed-over.ts";
import { homeOf } from "./thread-archive.ts";

/** How long a turn waits before a worker tries again to run it. */
const RETRY_MS = 1_000;

/**
 * The homes (`CODEX_HOME`) that this process's servers use for the fleet. Two servers with the same home would replace
 * each other's histories, so only one process can use a home at a time.
 */
export class Homes {
  readonly #redis: FleetRedis;
  readonly #lockMs: number;
  readonly #warn: Warn;
  readonly #owner = JSON.stringify([hostname(), process.pid]);
  /** The names of the claimed homes in Redis, by path. */
  readonly #claimed = new Map<string, string>();
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
    if (this.#claimed.has(path)) return;
    const name = await nameOf(path);
    const holder = await this.#take(name);
    if (holder !== "") throw this.#inUse(path, holder);
    this.#claimed.set(path, name);
    this.#warned.delete(path);
  }

  async renew(): Promise<void> {
    for (const [path, name] of this.#claimed) {
      // Another process has the home now if this one was presumed lost.
      if ((await this.#take(name)) !== "") this.#claimed.delete(path);
    }
  }

  async release(): Promise<void> {
    const names = [...this.#claimed.values()];
    this.#claimed.clear();
    await Promise.all(names.map((name) => this.#redis.run("home", name, "", this.#owner, 0)));
  }

  /** Returns the process that has claimed the home; "" if it is this one. */
  async #take(name: string): Promise<string> {
    for (let ended = ""; ; ) {
      const earlier = ended;
      const holder = String(
        await this.#redis.persist(() =>
          this.#redis.run("home", name, this.#owner, earlier, this.#lockMs),
        ),
      );
      if (holder === "" || holder === ended || !hasEnded(holder)) return holder;
      ended = holder;
    }
  }

  #inUse(path: string, holder: string): HandedOver {
    const [, pid] = JSON.parse(holder) as [string, number];
    const message =
      `The home ${path} is used by a worker in another process (${pid}), which has to run the turns instead: ` +
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

/** Whether a process of this machine has ended. Its claim would otherwise last until it expires. */
function hasEnded(holder: string): boolean {
  const [host, pid] = JSON.parse(holder) as [string, number];
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isErrno(error, "ESRCH");
  }
}
