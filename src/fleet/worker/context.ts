import type { Warn } from "../../errors/warning.ts";
import type { Tool } from "../../input/tool.ts";
import type { EventLog } from "../event-log.ts";
import type { Channels } from "../redis/channels.ts";
import type { Codec } from "../redis/codec.ts";
import type { FleetRedis } from "../redis/connection.ts";
import type { Keys } from "../redis/keys.ts";
import type { Homes } from "./homes.ts";
import type { LocalThreads } from "./local-threads.ts";
import type { FleetServers } from "./servers.ts";
import type { Workspaces } from "./workspaces.ts";

/** Shared by all turns of a worker. */
export interface WorkerContext {
  readonly id: string;
  readonly redis: FleetRedis;
  readonly keys: Keys;
  readonly channels: Channels;
  readonly codec: Codec;
  readonly events: EventLog;
  readonly servers: FleetServers;
  readonly homes: Homes;
  readonly threads: LocalThreads;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly workspaces: Workspaces;
  readonly keepMs: number;
  /** How many workers can be lost while they run one turn. */
  readonly maxAttempts: number;
  readonly warn: Warn;
}
