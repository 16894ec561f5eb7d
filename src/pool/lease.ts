import type { Codex } from "../client/codex.ts";

/**
 * Keeps a tenant's server running until you release the lease, with `using` or `release()`.
 *
 * @example
 * await using pool = new CodexPool({ home: "/var/lib/my-service/homes" });
 * using lease = await pool.get("ada");
 * const thread = await lease.codex.threadStart();
 */
export class CodexLease implements Disposable {
  readonly key: string;
  /** The client of the tenant's server. All leases of the tenant, and all calls to `use`, share it. */
  readonly codex: Codex;
  #release: (() => void) | undefined;

  /**
   * Created by `CodexPool.get`.
   * @internal
   */
  constructor(key: string, codex: Codex, release: () => void) {
    this.key = key;
    this.codex = codex;
    this.#release = release;
  }

  /** Lets the pool stop the server once nothing else uses it. Idempotent. */
  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
