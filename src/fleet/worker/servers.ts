import type { Codex } from "../../client/codex.ts";

/** Provides the servers of tenants: a `CodexPool`, or anything with the same method. */
export interface FleetServers {
  use<T>(
    tenant: string,
    work: (codex: Codex) => Promise<T>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>;
}

/** One server for all tenants. */
export function oneServer(codex: Codex): FleetServers {
  return { use: (_tenant, work) => work(codex) };
}
