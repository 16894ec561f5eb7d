/**
 * A pool of app-servers for many tenants on one machine.
 * @module
 */

export type { ServerUse } from "../session/server-use.ts";
export { CodexLease } from "./lease.ts";
export type { CodexPoolOptions, PoolWaitOptions } from "./options.ts";
export { CodexPool } from "./pool.ts";
export type { PoolStatus, TenantState, TenantStatus } from "./status.ts";
