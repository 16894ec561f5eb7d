import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";

/**
 * The notifications of a turn that each say the whole state of something, and what they say it of.
 * `thread/tokenUsage/updated` is none of them: its `last` counts one request to the model, and to
 * add these up takes all of them.
 */
const SNAPSHOTS: Readonly<Record<string, "turn" | "item">> = {
  "turn/diff/updated": "turn",
  "turn/plan/updated": "turn",
  "item/fileChange/patchUpdated": "item",
  "thread/goal/updated": "turn",
  "model/safetyBuffering/updated": "turn",
};

/** What a notification says the whole state of: a later one with the same key replaces it. */
export function snapshotKey({ method, params }: Notification): string | undefined {
  const scope = Object.hasOwn(SNAPSHOTS, method) ? SNAPSHOTS[method] : undefined;
  if (scope === undefined || !isRecord(params)) return undefined;
  if (scope === "turn") return method;
  return typeof params.itemId === "string" ? `${method} ${params.itemId}` : undefined;
}
