import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";

/**
 * Notifications that each contain the whole state of something, and what it is the state of. Not
 * `thread/tokenUsage/updated`: its `last` is about one request to the model, and a reader may add
 * these up.
 */
const SNAPSHOTS: Readonly<Record<string, "turn" | "item">> = {
  "turn/diff/updated": "turn",
  "turn/plan/updated": "turn",
  "item/fileChange/patchUpdated": "item",
  "thread/goal/updated": "turn",
  "model/safetyBuffering/updated": "turn",
};

/** A notification replaces an earlier one with the same key; undefined for those that replace none. */
export function snapshotKey({ method, params }: Notification): string | undefined {
  const scope = Object.hasOwn(SNAPSHOTS, method) ? SNAPSHOTS[method] : undefined;
  if (scope === undefined || !isRecord(params)) return undefined;
  if (scope === "turn") return method;
  return typeof params.itemId === "string" ? `${method} ${params.itemId}` : undefined;
}
