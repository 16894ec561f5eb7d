import { checkOptions } from "../client/check-options.ts";
import type { CodexOptions } from "../client/options.ts";
import { canMeasureMemory } from "../process/process-memory.ts";
import {
  type Check,
  is,
  isThing,
  milliseconds,
  object,
  requireOptions,
  show,
  signal,
  wholeFrom,
} from "../util/checks.ts";

/** Options of a pool. */
export interface CodexPoolOptions {
  /**
   * Where the tenants' homes (CODEX_HOME) are: a folder that contains them, or a function that returns
   * the path of a tenant's home. Homes are created as needed, and made private (0700). Required, unless
   * `codex` sets `transport`.
   */
  readonly home?: string | ((key: string) => string | Promise<string>) | undefined;
  /**
   * Options for all clients, or a function that returns the options for a tenant's client. The
   * function is called before the tenant's server starts, with the key and the path of the home (""
   * without the `home` option), where it can write a config.toml. A server gets only those
   * variables of this process's environment that it needs; `env` adds others.
   */
  readonly codex?:
    | CodexOptions
    | ((key: string, home: string) => CodexOptions | Promise<CodexOptions>)
    | undefined;
  /** How many servers may run at once. Default 10. */
  readonly maxServers?: number | undefined;
  /**
   * How much resident memory the servers and their child processes may use, in bytes. While they use
   * more, no server is started and idle ones are stopped. Servers in use are never stopped, and one
   * server may always run. Not supported on Windows. Default: no limit.
   */
  readonly maxMemory?: number | undefined;
  /** How long an idle server keeps running, in milliseconds. Default 60,000. */
  readonly idleMs?: number | undefined;
}

/** How long to wait for a tenant's server. */
export interface PoolWaitOptions {
  /** Ends the wait for a server: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for a server, in milliseconds; 0 means no limit. Default 0. */
  readonly timeoutMs?: number | undefined;
}

const CHECKS: Readonly<Record<keyof CodexPoolOptions, Check>> = {
  home: is(
    "a folder or a function",
    (value) => (typeof value === "string" && isPath(value)) || typeof value === "function",
  ),
  codex: (value) => (typeof value === "function" ? undefined : object(value)),
  maxServers: wholeFrom(1),
  maxMemory: wholeFrom(1),
  idleMs: milliseconds,
};

const WAIT_CHECKS: Readonly<Record<keyof PoolWaitOptions, Check>> = {
  signal,
  timeoutMs: isThing("a number of milliseconds", (value) => typeof value === "number"),
};

/** @throws TypeError for a missing or unknown option, or a value of the wrong type. */
export function checkPoolOptions(options: CodexPoolOptions): void {
  requireOptions("CodexPool", options, CHECKS);
  const { codex = {}, home } = options;
  if (typeof codex !== "function") checkTenantOptions(codex, home !== undefined);
  if (options.maxMemory !== undefined && !canMeasureMemory()) {
    throw new TypeError(
      "CodexPool: maxMemory isn't supported on this system, which doesn't report how much memory a process uses; set maxServers instead",
    );
  }
}

/** @throws TypeError for options that a tenant's client can't have. */
export function checkTenantOptions(options: CodexOptions, hasHome: boolean): void {
  checkOptions(options);
  if (!hasHome && options.transport === undefined) {
    throw new TypeError(
      "CodexPool: home is missing; set it to the folder for the tenants' homes, or to a function that returns a tenant's home",
    );
  }
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined || !/^CODEX_(?:SQLITE_)?HOME$/i.test(name)) continue;
    throw new TypeError(
      `CodexPool: env must not contain ${name}; a tenant's server keeps everything in the tenant's home, which the home option sets`,
    );
  }
}

/** @throws TypeError for a wrong key, function or option. */
export function checkUse(subject: string, key: unknown, options: unknown): void {
  if (typeof key !== "string") {
    throw new TypeError(`${subject}: the key must be a string, not ${show(key)}`);
  }
  if (options !== undefined) requireOptions(subject, options, WAIT_CHECKS);
}

/** @throws TypeError if `home` isn't a path. */
export function checkHome(home: unknown, key: string): string {
  if (typeof home === "string" && isPath(home)) return home;
  throw new TypeError(`CodexPool: home must return a path for ${show(key)}, not ${show(home)}`);
}

function isPath(text: string): boolean {
  return text !== "" && !text.includes("\0");
}
