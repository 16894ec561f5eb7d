import type { Codex } from "../../client/codex.ts";
import type { CodexWarning } from "../../errors/warning.ts";
import type { Tool } from "../../input/tool.ts";
import {
  type Check,
  func,
  isObject,
  isThing,
  milliseconds,
  nonEmpty,
  requireOptions,
  shape,
  wholeFrom,
} from "../../util/checks.ts";
import type { EncryptionKey } from "../redis/codec.ts";
import { connectionFault, type FleetConnection } from "../redis/connection.ts";
import type { ThreadStore } from "../store/thread-store.ts";
import type { FleetServers } from "./servers.ts";
import type { PrepareWorkspace } from "./workspaces.ts";

/** How many turns can start in a period. */
export interface FleetRateLimit {
  readonly max: number;
  /** The length of the period, in milliseconds. */
  readonly durationMs: number;
}

/** Options of a worker. All workers of a fleet have the same limits, store and encryption key. */
export interface FleetWorkerOptions {
  /** The Redis server of the fleet. */
  readonly connection: FleetConnection;
  /** Where threads are kept: `folderStore`, `redisStore`, `s3Store`, or your own store. */
  readonly store: ThreadStore;
  /** The servers of the tenants: a `CodexPool`. Set this or `codex`. */
  readonly pool?: FleetServers | undefined;
  /** One server for all tenants, which then share its login, configuration and home. */
  readonly codex?: Codex | undefined;
  /** The name of the fleet. Default "fleet". */
  readonly name?: string | undefined;
  /** A unique name for this worker. Default: the host name, the process id and a random part. */
  readonly id?: string | undefined;
  /** How many turns the worker runs at once. Default 8. */
  readonly concurrency?: number | undefined;
  /**
   * How long a worker that doesn't report counts as alive, in milliseconds. After that, others take over
   * its turns. Default 30,000.
   */
  readonly lockMs?: number | undefined;
  /** How many turns of a tenant can run at once, in the whole fleet. Default: no limit. */
  readonly tenantTurns?: number | ((tenant: string) => number) | undefined;
  /** How many turns can start in a period, in the whole fleet. Default: no limit. */
  readonly rateLimit?: FleetRateLimit | undefined;
  /** Tools that turns can request by name. */
  readonly tools?: readonly Tool[] | undefined;
  /** Prepares the directory that a turn works in. Default: the server's own. */
  readonly workspace?: PrepareWorkspace | undefined;
  /** How many workers can be lost while they run a turn, before the turn ends with an error. Default 5. */
  readonly maxAttempts?: number | undefined;
  /** How many threads stay loaded after their turns. Default 100. */
  readonly warmThreads?: number | undefined;
  /** How long ended turns and their events are kept, in milliseconds. Default one day. */
  readonly keepMs?: number | undefined;
  /**
   * Encrypts stored data: 32 bytes, as a Uint8Array or in base64. If there are several keys, the first encrypts, and
   * all can decrypt.
   */
  readonly encryptionKey?: EncryptionKey | undefined;
  /** Called for problems that don't fail a call. Default: a process warning. */
  readonly onWarning?: ((warning: CodexWarning) => void) | undefined;
}

export const connection: Check = (value) =>
  value === undefined ? " is missing" : connectionFault(value);

export const encryptionKey: Check = isThing(
  "a key or a list of keys",
  (value) => typeof value === "string" || value instanceof Uint8Array || Array.isArray(value),
);

/** A name that is part of Redis keys, including BullMQ's, whose parts are separated by colons. */
export const fleetName: Check = (value) =>
  typeof value === "string" && /^[\w-]{1,64}$/.test(value)
    ? undefined
    : " must be 1 to 64 letters, digits, _ and -";

function has(method: string): Check {
  return isThing(`an object with a method ${method}`, (value) => {
    return isObject(value) && typeof (value as Record<string, unknown>)[method] === "function";
  });
}

const CHECKS: Readonly<Record<keyof FleetWorkerOptions, Check>> = {
  connection,
  store: has("open"),
  pool: has("use"),
  codex: has("threadStart"),
  name: fleetName,
  id: nonEmpty,
  concurrency: wholeFrom(1),
  lockMs: wholeFrom(500),
  tenantTurns: (value) => (typeof value === "function" ? undefined : wholeFrom(1)(value)),
  rateLimit: shape({ max: wholeFrom(1), durationMs: wholeFrom(1) }),
  tools: isThing("a list of tools", Array.isArray),
  workspace: func,
  maxAttempts: wholeFrom(1),
  warmThreads: wholeFrom(1),
  keepMs: milliseconds,
  encryptionKey,
  onWarning: func,
};

/** @throws TypeError for a missing or unknown option, or a value of the wrong type. */
export function checkWorkerOptions(options: FleetWorkerOptions): void {
  requireOptions("FleetWorker", options, CHECKS);
  const { connection: place, store, pool, codex } = options;
  if (place === undefined) throw new TypeError("FleetWorker option connection is missing");
  if (store === undefined) throw new TypeError("FleetWorker option store is missing");
  if ((pool === undefined) === (codex === undefined)) {
    throw new TypeError("FleetWorker: set either pool or codex");
  }
}
