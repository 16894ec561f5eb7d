import { residentMemory } from "../process/process-memory.ts";
import type { Tenant } from "./tenant.ts";

/** The expected memory of a server until one has been measured. */
const EXPECTED_BYTES = 100 * 2 ** 20;
const EVERY_MS = 1_000;

/** How much memory the servers use, as last measured, and whether it is too much. */
export class MemoryLimit {
  readonly #max: number | undefined;
  readonly #bytes = new Map<number, number>();
  #measuredAt = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | undefined;

  /** `max` in bytes; undefined: there is no limit, and nothing is measured. */
  constructor(max: number | undefined) {
    this.#max = max;
  }

  /** The memory of a tenant's server; undefined until it has been measured. */
  of({ pid }: Tenant): number | undefined {
    return pid === undefined ? undefined : this.#bytes.get(pid);
  }

  /** The memory of these servers. One that hasn't been measured counts as the average of the others. */
  total(tenants: Iterable<Tenant>): number | undefined {
    if (this.#max === undefined) return undefined;
    let total = 0;
    for (const tenant of tenants) total += this.of(tenant) ?? this.#expected;
    return total;
  }

  /** Whether another server may be started in addition to these. One may always run. */
  hasRoom(tenants: ReadonlySet<Tenant>): boolean {
    if (this.#max === undefined || tenants.size === 0) return true;
    return (this.total(tenants) ?? 0) + this.#expected <= this.#max;
  }

  /** By how much these servers exceed the limit, in bytes. */
  excess(tenants: Iterable<Tenant>): number {
    return this.#max === undefined ? 0 : (this.total(tenants) ?? 0) - this.#max;
  }

  /** Measures again if the last measurement is old enough, and then calls `onMeasured`. */
  update(tenants: Iterable<Tenant>, onMeasured: () => void): void {
    if (this.#max === undefined || this.#measuring) return;
    if (performance.now() - this.#measuredAt < EVERY_MS) return;
    const pids = [...tenants].flatMap(({ pid }) => pid ?? []);
    this.#measuring = residentMemory(pids).then((bytes) => {
      this.#measuring = undefined;
      this.#measuredAt = performance.now();
      this.#bytes.clear();
      for (const [pid, one] of bytes) this.#bytes.set(pid, one);
      onMeasured();
    });
  }

  get #expected(): number {
    if (this.#bytes.size === 0) return EXPECTED_BYTES;
    let total = 0;
    for (const one of this.#bytes.values()) total += one;
    return total / this.#bytes.size;
  }
}
