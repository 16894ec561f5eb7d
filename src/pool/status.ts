import type { ServerUse } from "../session/server-use.ts";

/** The state of a tenant's server. "waiting": it starts when the pool has a free slot. */
export type TenantState = "waiting" | "starting" | "running" | "stopping";

export interface TenantStatus extends ServerUse {
  readonly key: string;
  readonly state: TenantState;
  /** How many leases and calls to `use` have the server or are waiting for it. */
  readonly uses: number;
  /** The process id of the server. */
  readonly pid: number | undefined;
  /** How long the server has been idle, in milliseconds; undefined while it is in use. */
  readonly idleMs: number | undefined;
  /** Resident memory of the server and its child processes, in bytes; only with `maxMemory`. */
  readonly memory: number | undefined;
}

export interface PoolStatus {
  /** How many servers there are: starting, running or stopping. */
  readonly servers: number;
  /** How many tenants are waiting for a server. */
  readonly waiting: number;
  /** Resident memory of all servers and their child processes, in bytes; only with `maxMemory`. */
  readonly memory: number | undefined;
  /** The tenants that have or wait for a server. */
  readonly tenants: readonly TenantStatus[];
}
