import type { ServerUse } from "../session/server-use.ts";

/** What a tenant's server does: waiting for its turn to start, starting, running, or stopping. */
export type TenantState = "waiting" | "starting" | "running" | "stopping";

export interface TenantStatus extends ServerUse {
  readonly key: string;
  readonly state: TenantState;
  /** Calls of `use` and leases that have or wait for the server. */
  readonly uses: number;
  /** The server's process. */
  readonly pid: number | undefined;
  /** How long nothing has used the server, in milliseconds; undefined while something does. */
  readonly idleMs: number | undefined;
  /** Resident memory of the server and its child processes, in bytes; only with `maxMemory`. */
  readonly memory: number | undefined;
}

export interface PoolStatus {
  /** How many servers there are: starting, running or stopping. */
  readonly servers: number;
  /** How many tenants wait for a server. */
  readonly waiting: number;
  /** Resident memory of all servers and their child processes, in bytes; only with `maxMemory`. */
  readonly memory: number | undefined;
  /** The tenants that have or wait for a server. */
  readonly tenants: readonly TenantStatus[];
}
