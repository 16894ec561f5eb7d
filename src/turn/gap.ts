import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import { isDelta } from "./deltas.ts";
import type { EventLog } from "./event-log.ts";
import type { TurnFold } from "./fold.ts";
import { itemIn } from "./foreign.ts";
import { type ItemText, keyOf, streamedTexts, textsOf, withTexts } from "./item-texts.ts";
import { missingText } from "./missing-text.ts";

const PART_ADDED = "item/reasoning/summaryPartAdded";
/** Deltas that are always passed on: no item contains their text, so nothing could replace a withheld one. */
const PATCH_OUTPUT = "item/fileChange/outputDelta";

/**
 * Gives readers what they would otherwise miss when notifications are lost. If an item may have
 * a gap, no more of its deltas are passed on; when it completes, the missing rest of each part follows as one
 * delta, so that its deltas still add up to the item. An item whose start was lost gets an
 * `item/started`. If the complete text doesn't continue what was delivered, no delta is added:
 * readers can compare with `item/completed`, which follows.
 */
export class GapFiller {
  readonly #fold: TurnFold;
  readonly #log: EventLog;
  /** Items that may have lost parts. */
  readonly #torn: Set<string>;
  #isSettling = false;

  constructor(fold: TurnFold, log: EventLog) {
    this.#fold = fold;
    this.#log = log;
    this.#torn = new Set(fold.openItems());
  }

  /**
   * Notes that the turn's items now come from the history. The server sends an interrupted command's last output after the
   * end of the turn, so every item that is still open may lack parts.
   */
  settle(): void {
    this.#isSettling = true;
  }

  /** The notifications to pass on instead of this one. */
  fill(notification: Notification): Notification[] {
    const { method, params } = notification;
    if (isDelta(notification) || method === PART_ADDED) {
      return this.#passes(notification) ? [notification] : [];
    }
    const item = itemIn(params);
    if (item && method === "item/started") return this.#start(notification, item);
    if (item && method === "item/completed") return this.#complete(notification, item);
    return [notification];
  }

  #passes({ method, params }: Notification): boolean {
    const itemId = isRecord(params) ? params.itemId : undefined;
    if (typeof itemId !== "string") return true;
    // The history has already delivered the complete item.
    if (this.#fold.isCompleted(itemId)) return false;
    if (method === PATCH_OUTPUT) return true;
    return this.#fold.item(itemId) !== undefined && !this.#torn.has(itemId);
  }

  /** The notifications for an item from the history: its start, and its complete text as deltas. */
  #start(notification: Notification, item: ThreadItem): Notification[] {
    const texts = textsOf(item);
    if (texts.length === 0) return [notification];
    const params = { ...(notification.params as object), item: withTexts(item, []) };
    return [{ ...notification, params }, ...this.#deltas(notification, item.id, texts)];
  }

  #complete(notification: Notification, item: ThreadItem): Notification[] {
    const isNew = this.#fold.item(item.id) === undefined;
    const isTorn = this.#torn.delete(item.id) || this.#isSettling;
    if (!isNew && !isTorn) return [notification];
    const { completedAtMs, ...about } = notification.params as Record<string, unknown>;
    const params = { ...about, item: withTexts(item, []) };
    const start = isNew ? [{ method: "item/started", params }] : [];
    const delivered = new Map(
      streamedTexts(this.#fold.item(item.id), this.#log.streamed(item.id)).map((one) => [
        keyOf(one),
        one.text,
      ]),
    );
    const missing = textsOf(item).flatMap((whole) => {
      const text = missingText(whole, delivered.get(keyOf(whole)) ?? "");
      return text ? [{ ...whole, text }] : [];
    });
    return [...start, ...this.#deltas(notification, item.id, missing), notification];
  }

  /** These texts of an item as deltas; each new part of a summary comes after its announcement. */
  #deltas({ params }: Notification, itemId: string, texts: readonly ItemText[]): Notification[] {
    const { threadId, turnId } = params as Record<string, unknown>;
    const about = { threadId, turnId, itemId };
    const added = this.#addedParts(itemId);
    return texts.flatMap(({ method, text, summaryIndex, contentIndex }) => {
      const place = {
        ...(summaryIndex === undefined ? {} : { summaryIndex }),
        ...(contentIndex === undefined ? {} : { contentIndex }),
      };
      const delta = { method, params: { ...about, delta: text, ...place } };
      if (summaryIndex === undefined || added.has(summaryIndex)) return [delta];
      return [{ method: PART_ADDED, params: { ...about, summaryIndex } }, delta];
    });
  }

  #addedParts(itemId: string): Set<unknown> {
    const added = new Set<unknown>();
    for (const { method, params } of this.#log.notifications()) {
      if (method === PART_ADDED && isRecord(params) && params.itemId === itemId) {
        added.add(params.summaryIndex);
      }
    }
    return added;
  }
}
