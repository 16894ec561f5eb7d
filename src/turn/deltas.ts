import type { Notification } from "../rpc/messages.ts";

/** Identifies the part of an item that a delta adds to. */
export interface DeltaPart {
  readonly method: string;
  readonly params: {
    readonly turnId?: string;
    readonly itemId: string;
    readonly summaryIndex?: number;
    readonly contentIndex?: number;
  };
}

/** A notification that adds text to one part of one item. Two of the same part can be joined without loss. */
export interface DeltaNotification extends DeltaPart, Notification {
  readonly params: DeltaPart["params"] & { readonly delta: string };
}

const DELTA_METHODS: ReadonlySet<string> = new Set([
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
]);

export function isDeltaMethod(method: string): boolean {
  return DELTA_METHODS.has(method);
}

export function isDelta(notification: Notification): notification is DeltaNotification {
  if (!isDeltaMethod(notification.method)) return false;
  const params = notification.params as Partial<DeltaNotification["params"]> | null;
  return typeof params?.itemId === "string" && typeof params.delta === "string";
}

/** Substrings that are shorter than this are copies anyway. */
const SHORTEST_CUT = 13;

/**
 * A copy of the text. Substrings would keep the larger strings that they were cut from in memory.
 */
export function detached(text: string): string {
  if (text.length < SHORTEST_CUT) return text;
  return ` ${text}`.slice(1);
}
