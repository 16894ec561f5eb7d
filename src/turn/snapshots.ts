import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";

/**
 * Notifications that contain the complete state of something, and the identity of that thing.
 * Doesn't include `thread/tokenUsage/updated`: its `last` is about one request to the model, and a
 * reader may add these up.
 */
const SNAPSHOTS: Readonly<Record<string, "turn" | "item">> = {
  "turn/diff/updated": "turn",
  "turn/plan/updated": "turn",
  "item/fileChange/patchUpdated": "item",
  "thread/goal/updated": "turn",
  "model/safetyBuffering/updated": "turn",
};

/**
 * The key of a notification, which replaces earlier ones with the same key; undefined if it doesn't
 * replace any.
 */
export function snapshotKey({ method, params }: Notification): string | undefined {
  const scope = Object.hasOwn(SNAPSHOTS, method) ? SNAPSHOTS[method] : undefined;
  if (scope === undefined || !isRecord(params)) return undefined;
  if (scope === "turn") return method;
  return typeof params.itemId === "string" ? `${method} ${params.itemId}` : undefined;
}
