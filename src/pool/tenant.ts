import { Codex, sessionOf } from "../client/codex.ts";
import type { CodexOptions } from "../client/options.ts";
import { RequestTimeoutError, TransportClosedError } from "../errors/errors.ts";
import { isInUse, type ServerUse } from "../session/server-use.ts";
import { orAborted } from "../util/abort.ts";
import { show } from "../util/checks.ts";
import { deferred } from "../util/deferred.ts";
import type { TenantState, TenantStatus } from "./status.ts";

/**
 * How long a server counts as in use after a turn. The server may start the next turn automatically, for a goal or
 * from its queue.
 */
const SETTLE_MS = 100;
/** After this time without use, a server is checked for a response before it is used again. */
const HEALTH_AFTER_MS = 1_000;
/** How long a server can take to answer before it counts as hung. */
const HEALTH_MS = 5_000;
/** How often to check that a server still answers if only its own work keeps it running. */
const HEALTH_EVERY_MS = 30_000;

const NO_USE: ServerUse = { work: 0, activeThreads: 0, pendingRequests: 0, subscriptions: 0 };

export interface TenantOptions {
  /**
   * Prepares the tenant's home. Returns a function that is called for the client's options once
   * there is a free slot.
   */
  readonly prepare: (signal: AbortSignal) => Promise<() => CodexOptions>;
  /** Resolves when an earlier server of the same tenant has exited. */
  readonly before: Promise<void>;
  /** Called when the server may be ready to start or free to be stopped, or has ended. */
  readonly onChange: () => void;
}

/**
 * One server of a tenant, from the first call that needs it until its process has exited. A tenant
 * whose server is stopping gets another `Tenant`.
 */
export class Tenant {
  readonly key: string;
  readonly #options: TenantOptions;
  readonly #started = deferred<Codex>();
  readonly #gone = deferred<void>();
  readonly #abort = new AbortController();
  #state: TenantState = "waiting";
  /** Undefined until the options are known and an earlier server has stopped; until then, the tenant doesn't take a slot. */
  #clientOptions: (() => CodexOptions) | undefined;
  #codex: Codex | undefined;
  #uses = 0;
  #quietSince: number | undefined;
  /** While the server is being checked: resolves with whether it answers. */
  #health: Promise<boolean> | undefined;
  #askedAt = 0;

  constructor(key: string, options: TenantOptions) {
    this.key = key;
    this.#options = options;
    void this.#prepare();
  }

  get state(): TenantState {
    return this.#state;
  }

  /** Whether the tenant is waiting only for a slot. */
  get isReady(): boolean {
    return this.#state === "waiting" && this.#clientOptions !== undefined;
  }

  get pid(): number | undefined {
    return this.#codex && sessionOf(this.#codex).pid;
  }

  /** Resolves when the server's process has exited. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /**
   * Waits for the server. Counts as a use from now on, until `release()` or until it rejects.
   * Resolves with undefined, and no longer counts, if the server is stopping.
   */
  async join(signal: AbortSignal | undefined): Promise<Codex | undefined> {
    const since = this.quietSince();
    this.#uses++;
    this.#quietSince = undefined;
    if (since !== undefined && performance.now() - since >= HEALTH_AFTER_MS) this.#askHealth();
    const health = this.#health;
    try {
      const codex = await orAborted(this.#started.promise, signal);
      if (health) await orAborted(health, signal);
      if (this.#state === "running") return codex;
      this.release();
      return undefined;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    if (--this.#uses > 0) return;
    if (this.#state === "waiting" || this.#state === "starting") {
      void this.stop(NOT_NEEDED);
      return;
    }
    // The only remaining use may be a turn that has just ended: look again shortly.
    if (this.quietSince() === undefined) setTimeout(this.#options.onChange, SETTLE_MS).unref();
    else this.#options.onChange();
  }

  /** Starts the server. Called once, when the tenant is ready and there is a free slot. */
  start(): void {
    this.#state = "starting";
    void this.#start(this.#clientOptions);
  }

  /** Ends the server, even if it is in use. Resolves when its process has exited. Idempotent. */
  stop(why: string): Promise<void> {
    const state = this.#state;
    if (state === "stopping") return this.gone;
    this.#state = "stopping";
    const message = `The server of ${show(this.key)} ${why}`;
    if (this.#codex) void this.#close(this.#codex, message);
    else this.#abort.abort(new TransportClosedError(message));
    if (state === "waiting") this.#end(this.#abort.signal.reason);
    return this.gone;
  }

  /** When the server became idle, by `performance.now()`; undefined while something uses it. */
  quietSince(): number | undefined {
    if (this.#state !== "running" || this.#uses > 0 || !this.#codex) return undefined;
    const session = sessionOf(this.#codex);
    const now = performance.now();
    if (isInUse(session.use) || now - session.lastTurnAt < SETTLE_MS) this.#quietSince = undefined;
    else this.#quietSince ??= now;
    return this.#quietSince;
  }

  /** Stops a server that no longer answers, if only its own work keeps it running. */
  checkHealth(): void {
    if (this.#state !== "running" || this.#uses > 0 || this.#health) return;
    if (this.quietSince() !== undefined) this.#askedAt = performance.now();
    else if (performance.now() - this.#askedAt >= HEALTH_EVERY_MS) this.#askHealth();
  }

  status(memory: number | undefined): TenantStatus {
    const since = this.quietSince();
    return {
      key: this.key,
      state: this.#state,
      uses: this.#uses,
      ...(this.#codex ? sessionOf(this.#codex).use : NO_USE),
      pid: this.pid,
      idleMs: since === undefined ? undefined : performance.now() - since,
      memory,
    };
  }

  /** Prepares the tenant before it takes a slot: a preparation that fails or takes a long time occupies none. */
  async #prepare(): Promise<void> {
    const { prepare, before } = this.#options;
    try {
      const options = await prepare(this.#abort.signal);
      await before;
      if (this.#state !== "waiting") return;
      this.#clientOptions = options;
      this.#options.onChange();
    } catch (error) {
      if (this.#state !== "waiting") return;
      this.#state = "stopping";
      this.#end(error);
    }
  }

  async #start(options: (() => CodexOptions) | undefined): Promise<void> {
    const { signal } = this.#abort;
    try {
      const codex = await open(options?.(), signal);
      if (signal.aborted) {
        await codex.close();
        throw signal.reason;
      }
      this.#codex = codex;
      this.#state = "running";
      this.#askedAt = performance.now();
      codex.closed.then(() => this.stop("has ended"));
      this.#started.resolve(codex);
      this.#options.onChange();
    } catch (error) {
      this.#state = "stopping";
      this.#end(error);
    }
  }

  async #close(codex: Codex, message: string): Promise<void> {
    // An error keeps the objects on its stack in memory. Without this, it would keep the tenants that caused the
    // stop.
    await undefined;
    // No failure may end the program, because all tenants share it.
    await sessionOf(codex)
      .close(message)
      .catch(() => {});
    this.#end(undefined);
  }

  #end(reason: unknown): void {
    this.#started.reject(reason);
    // The tenant's next server must not start while an earlier one is running.
    void this.#options.before.then(() => {
      this.#gone.resolve();
      this.#options.onChange();
    });
  }

  #askHealth(): void {
    const codex = this.#codex;
    if (!codex) return;
    this.#askedAt = performance.now();
    const limits = { timeoutMs: HEALTH_MS, retry: false };
    const answer = sessionOf(codex).request("thread/loaded/list", { limit: 1 }, limits);
    const asking = answer.then(
      () => true,
      // "Too busy" is an answer too.
      (error) => !(error instanceof RequestTimeoutError) && codex.status.state !== "closed",
    );
    this.#health = asking;
    asking.then((isWell) => {
      this.#health = undefined;
      if (!isWell) void this.stop("was stopped: it no longer answered");
    });
  }
}

/** Starts a server. Leaves nothing behind if it fails or is aborted. */
async function open(options: CodexOptions | undefined, signal: AbortSignal): Promise<Codex> {
  const codex = new Codex(options);
  try {
    await codex.connect({ signal });
    return codex;
  } catch (error) {
    await codex.close();
    throw error;
  }
}

const NOT_NEEDED = "isn't needed any more";
