import { Fifo } from "../util/fifo.ts";
import { startTicking, type Timer } from "../util/timer.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import type { Tenant } from "./tenant.ts";

/** How often to check for idle servers. */
const LOOK_EVERY_MS = 200;

export interface ServersOptions {
  readonly maxServers: number;
  readonly memory: MemoryLimit;
  /** In milliseconds. */
  readonly idleMs: number;
}

const AGAIN =
  "get its client again with pool.use() or pool.get(), and its threads with codex.threadResume()";
const IDLE = `was stopped because it was idle: ${AGAIN}`;
const EVICTED = `was stopped to make room for another: ${AGAIN}`;

/**
 * The tenants that have a server, and the queue of tenants that wait for one. Stops servers that
 * have been idle for too long, and the longest idle ones if other tenants need their slot or the
 * memory limit is exceeded.
 */
export class Servers {
  readonly #options: ServersOptions;
  readonly #waiting = new Fifo<Tenant>();
  /** Tenants whose server is starting, running or stopping. */
  readonly #held = new Set<Tenant>();
  #looking: Timer | undefined;

  constructor(options: ServersOptions) {
    this.#options = options;
  }

  /** The number of servers that are starting, running or stopping. */
  get count(): number {
    return this.#held.size;
  }

  /** The number of tenants that wait for a server. */
  get waiting(): number {
    let count = 0;
    for (const { state } of this.#waiting) if (state === "waiting") count++;
    return count;
  }

  /** The tenants with a server, then the waiting ones, in order. */
  get all(): readonly Tenant[] {
    return [...this.#held, ...this.#waiting];
  }

  get memory(): number | undefined {
    return this.#options.memory.total(this.#held);
  }

  memoryOf(tenant: Tenant): number | undefined {
    return this.#options.memory.of(tenant);
  }

  /** Starts the tenant as soon as there is room for its server. */
  add(tenant: Tenant): void {
    this.#waiting.push(tenant);
    void tenant.gone.then(() => this.#remove(tenant));
    this.#watch();
    this.update();
  }

  /** Starts waiting tenants while there is room, and makes room for the rest. */
  update(): void {
    let left = 0;
    for (const tenant of this.#waiting) {
      if (!tenant.isReady) continue;
      if (left === 0 && this.#hasRoom()) this.#start(tenant);
      // Stopping servers can't free more slots than there are servers.
      else if (++left >= this.#held.size) break;
    }
    if (left > 0) this.#makeRoom(left);
  }

  #start(tenant: Tenant): void {
    this.#waiting.remove(tenant);
    this.#held.add(tenant);
    tenant.start();
  }

  #hasRoom(): boolean {
    const { maxServers, memory } = this.#options;
    return this.#held.size < maxServers && memory.hasRoom(this.#held);
  }

  /** Stops this many idle servers, including the ones that are already stopping. */
  #makeRoom(count: number): void {
    let needed = count;
    for (const { state } of this.#held) if (state === "stopping") needed--;
    if (needed <= 0) return;
    for (const tenant of this.#idle().slice(0, needed)) void tenant.stop(EVICTED);
  }

  /** Starts the checks. Not part of `add`, where the timer's closure would keep the tenant in memory. */
  #watch(): void {
    this.#looking ??= startTicking(LOOK_EVERY_MS, () => this.#look());
  }

  #look(): void {
    const { idleMs, memory } = this.#options;
    const now = performance.now();
    for (const tenant of this.#held) {
      tenant.checkHealth();
      const since = tenant.quietSince();
      if (since !== undefined && now - since >= idleMs) void tenant.stop(IDLE);
    }
    memory.update(this.#held, () => this.#saveMemory());
    this.update();
  }

  #saveMemory(): void {
    const { memory } = this.#options;
    let excess = memory.excess([...this.#held].filter(({ state }) => state !== "stopping"));
    for (const tenant of excess > 0 ? this.#idle() : []) {
      if (excess <= 0) break;
      excess -= memory.of(tenant) ?? 0;
      void tenant.stop(EVICTED);
    }
    this.update();
  }

  /** The idle tenants, longest idle first. */
  #idle(): Tenant[] {
    return [...this.#held]
      .map((tenant) => ({ tenant, since: tenant.quietSince() ?? Number.NaN }))
      .filter(({ since }) => !Number.isNaN(since))
      .sort((one, other) => one.since - other.since)
      .map(({ tenant }) => tenant);
  }

  #remove(tenant: Tenant): void {
    this.#waiting.remove(tenant);
    this.#held.delete(tenant);
    if (this.#held.size + this.#waiting.size === 0) {
      this.#looking?.cancel();
      this.#looking = undefined;
    }
    this.update();
  }
}
