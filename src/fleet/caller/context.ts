import type { Warn } from "../../errors/warning.ts";
import type { EventLog } from "../event-log.ts";
import type { TurnQueue } from "../queue.ts";
import type { Channels } from "../redis/channels.ts";
import type { Codec } from "../redis/codec.ts";
import type { FleetRedis } from "../redis/connection.ts";
import type { Keys } from "../redis/keys.ts";

/** Shared by all handles to a fleet. */
export interface FleetContext {
  readonly redis: FleetRedis;
  readonly keys: Keys;
  readonly channels: Channels;
  readonly codec: Codec;
  readonly events: EventLog;
  readonly queue: TurnQueue;
  readonly keepMs: number;
  readonly warn: Warn;
  /** Aborts when the fleet is closed. */
  readonly closed: AbortSignal;
}
