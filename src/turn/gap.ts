import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { type DeltaNotification, isDelta } from "./deltas.ts";
import type { EventLog } from "./event-log.ts";
import type { TurnFold } from "./fold.ts";

const TEXT_DELTA = "item/agentMessage/delta";

/**
 * Mends what a reader would miss after a time in which notifications were lost. Of a message with a
 * hole in its text no more deltas pass; when it is complete, the rest comes as one delta, so that
 * the deltas still make up the text. An item whose start was lost gets one.
 */
export class GapFiller {
  readonly #fold: TurnFold;
  readonly #log: EventLog;

  constructor(fold: TurnFold, log: EventLog) {
    this.#fold = fold;
    this.#log = log;
    this.#torn = new Set(fold.openItems());
  }

  /** Items of which something may have been lost. */
  readonly #torn: Set<string>;

  /** What to pass on in place of this notification. */
  fill(notification: Notification): Notification[] {
    const { method, params } = notification;
    if (isDelta(notification)) return this.#passes(notification) ? [notification] : [];
    if (method !== "item/completed") return [notification];
    const { item, ...rest } = params as { item: ThreadItem };
    const filled: Notification[] = [];
    if (!this.#fold.item(item.id)) {
      filled.push({ method: "item/started", params: { item, ...rest } });
    }
    const text = item.type === "agentMessage" ? item.text.slice(this.#log.textLength(item.id)) : "";
    if (text !== "") {
      filled.push({ method: TEXT_DELTA, params: { ...rest, itemId: item.id, delta: text } });
    }
    return [...filled, notification];
  }

  /** What an item's history has given whole is not told again by what the server says late. */
  #passes({ method, params }: DeltaNotification): boolean {
    const { itemId } = params;
    if (this.#fold.isCompleted(itemId)) return false;
    if (method !== TEXT_DELTA) return true;
    return this.#fold.item(itemId) !== undefined && !this.#torn.has(itemId);
  }
}
