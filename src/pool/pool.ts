import type { Codex } from "../client/codex.ts";
import type { CodexOptions } from "../client/options.ts";
import { forCaller } from "../errors/at-caller.ts";
import { RequestTimeoutError, TransportClosedError } from "../errors/errors.ts";
import { neededVariables } from "../process/needed-variables.ts";
import { orAborted } from "../util/abort.ts";
import { show } from "../util/checks.ts";
import { deadline } from "../util/deadline.ts";
import { describe } from "../util/describe.ts";
import { ownCopy } from "../util/own-copy.ts";
import { prepareHome, prepareHomeIn } from "./home.ts";
import { CodexLease } from "./lease.ts";
import { MemoryLimit } from "./memory-limit.ts";
import {
  type CodexPoolOptions,
  checkHome,
  checkPoolOptions,
  checkTenantOptions,
  checkUse,
  type PoolWaitOptions,
} from "./options.ts";
import { Servers } from "./servers.ts";
import type { PoolStatus } from "./status.ts";
import { Tenant } from "./tenant.ts";

const DEFAULT_MAX_SERVERS = 10;
const DEFAULT_IDLE_MS = 60_000;

/**
 * App-servers for many tenants on one machine: each has its own home (CODEX_HOME), with its login,
 * configuration and threads. A tenant's server starts when it is first used, and stops when it is
 * idle or another tenant needs its slot.
 *
 * @example
 * await using pool = new CodexPool({ home: "/var/lib/my-service/homes", maxServers: 20 });
 * const text = await pool.use("ada", async (codex) => {
 *   const thread = await codex.threadStart({ cwd: "/srv/workspaces/ada" });
 *   return (await thread.run("Say hello.")).throwIfFailed().text;
 * });
 */
export class CodexPool implements AsyncDisposable {
  readonly #options: CodexPoolOptions;
  readonly #servers: Servers;
  /** Each tenant's newest server, until it has exited. */
  readonly #tenants = new Map<string, Tenant>();
  #closing: Promise<void> | undefined;

  /** @throws TypeError for a missing or unknown option, or a value of the wrong type. */
  constructor(options: CodexPoolOptions) {
    const own = ownCopy(options);
    checkPoolOptions(own);
    this.#options = own;
    this.#servers = new Servers({
      maxServers: options.maxServers ?? DEFAULT_MAX_SERVERS,
      memory: new MemoryLimit(options.maxMemory),
      idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
    });
  }

  /**
   * Calls `fn` with the client of a tenant's server, and resolves with what it returns. The server
   * isn't stopped while `fn` runs. All uses of a tenant share one server. While the pool is full, tenants
   * wait in the order of their first call.
   * @throws RequestTimeoutError after `timeoutMs`, or the signal's reason, if no server became
   * available in time.
   * @throws LaunchError if the server can't be started.
   * @throws TransportClosedError if the pool is closed.
   */
  use<T>(
    key: string,
    fn: (codex: Codex) => T | Promise<T>,
    options: PoolWaitOptions = {},
  ): Promise<T> {
    return forCaller(this.use, async () => {
      checkUse("use", key, options);
      if (typeof fn !== "function") {
        throw new TypeError(`use: the second argument must be a function, not ${describe(fn)}`);
      }
      using lease = await this.#lease(key, options);
      return await fn(lease.codex);
    });
  }

  /**
   * Resolves with a lease of a tenant's server, for work that doesn't fit into one function. The
   * server isn't stopped until you release it.
   * @throws the same errors as `use`, except errors from its function.
   */
  get(key: string, options: PoolWaitOptions = {}): Promise<CodexLease> {
    return forCaller(this.get, async () => {
      checkUse("get", key, options);
      return this.#lease(key, options);
    });
  }

  /**
   * Stops a tenant's server even if it is in use, for example to apply changed options or to remove the
   * tenant. Calls that wait for the server reject. Resolves when its process has exited; the next use
   * starts another.
   */
  async stop(key: string): Promise<void> {
    checkUse("stop", key, undefined);
    await this.#tenants.get(key)?.stop("was stopped by pool.stop()");
  }

  /** The tenants that have or wait for a server, and what each server is used for. */
  get status(): PoolStatus {
    const { all, count: servers, waiting, memory } = this.#servers;
    return {
      servers,
      waiting,
      memory,
      tenants: all.map((tenant) => tenant.status(this.#servers.memoryOf(tenant))),
    };
  }

  /**
   * Stops all servers, even those in use, and rejects all waiting calls. Resolves when the
   * processes have exited. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #lease(key: string, { signal, timeoutMs }: PoolWaitOptions): Promise<CodexLease> {
    const late = (ms: number) =>
      new RequestTimeoutError(
        "pool",
        ms,
        `No server became available for ${show(key)} within ${ms} ms`,
      );
    using limit = deadline(signal, timeoutMs, late);
    limit.signal?.throwIfAborted();
    for (;;) {
      if (this.#closing) throw new TransportClosedError("The pool was closed");
      const tenant = this.#tenantOf(key);
      const codex = await tenant.join(limit.signal);
      if (codex) return new CodexLease(key, codex, () => tenant.release());
    }
  }

  /** The tenant's server. If it is stopping, a new one, which starts when the old one has exited. */
  #tenantOf(key: string): Tenant {
    const present = this.#tenants.get(key);
    if (present && present.state !== "stopping") return present;
    const tenant = new Tenant(key, {
      prepare: (signal) => this.#prepare(key, signal),
      before: present?.gone ?? Promise.resolve(),
      onChange: () => this.#servers.update(),
    });
    this.#tenants.set(key, tenant);
    void tenant.gone.then(() => {
      if (this.#tenants.get(key) === tenant) this.#tenants.delete(key);
    });
    this.#servers.add(tenant);
    return tenant;
  }

  async #prepare(key: string, signal: AbortSignal): Promise<() => CodexOptions> {
    const { codex = {} } = this.#options;
    const home = await this.#prepareHome(key, signal);
    signal.throwIfAborted();
    const options =
      typeof codex === "function" ? await orAborted(call(codex, key, home), signal) : codex;
    checkTenantOptions(options, home !== "");
    if (options.transport) return () => options;
    // The program can set further variables while the tenant waits for a slot.
    return () => {
      const needed = neededVariables(process.env, { keepNetwork: true });
      return { ...options, env: { ...needed, ...options.env, ...homeVariables(home) } };
    };
  }

  async #prepareHome(key: string, signal: AbortSignal): Promise<string> {
    const { home } = this.#options;
    if (home === undefined) return "";
    if (typeof home === "string") return prepareHomeIn(home, key);
    return prepareHome(checkHome(await orAborted(call(home, key), signal), key), key);
  }

  async #close(): Promise<void> {
    const stopping = [...this.#servers.all].map((tenant) =>
      tenant.stop("was stopped: the pool was closed"),
    );
    await Promise.all(stopping);
  }
}

/** The variables for a tenant's home. If tenants had the same folder for databases, they would share their threads. */
function homeVariables(home: string) {
  return { CODEX_HOME: home, CODEX_SQLITE_HOME: undefined };
}

/** Converts a synchronous exception of the function to a rejection. */
async function call<Args extends unknown[], T>(
  fn: (...args: Args) => T | Promise<T>,
  ...args: Args
): Promise<T> {
  return await fn(...args);
}
