import type { ThreadItem } from "../protocol/index.ts";
import { type ItemText, streamedTexts, withTexts } from "./item-texts.ts";

/** The deltas of uncompleted items. */
export interface StreamedDeltas {
  /** The deltas of one item, joined by part. */
  streamed(itemId: string): ItemText[];
  /** The ids of the items, in the order of their first deltas. */
  readonly streaming: Iterable<string>;
}

/**
 * Items that have started but not completed, each with its streamed text, in the order in which
 * they started. Messages, plans and reasoning whose start wasn't seen come last.
 */
export function unfinishedItems(
  started: readonly ThreadItem[],
  deltas: StreamedDeltas,
): ThreadItem[] {
  const items = started.map((item) => {
    const streamed = deltas.streamed(item.id);
    return streamed.length === 0 ? item : withTexts(item, streamedTexts(item, streamed));
  });
  const ids = new Set(started.map(({ id }) => id));
  for (const id of deltas.streaming) {
    const item = ids.has(id) ? undefined : itemOf(id, deltas.streamed(id));
    if (item) items.push(item);
  }
  return items;
}

/** An item reconstructed from its deltas. */
function itemOf(id: string, texts: readonly ItemText[]): ThreadItem | undefined {
  switch (texts[0]?.method) {
    case "item/agentMessage/delta": {
      const unknown = { phase: null, moderation: null, memoryCitation: null, delivery: null };
      const item = { type: "agentMessage" as const, id, text: "", questions: null, ...unknown };
      return withTexts(item, texts);
    }
    case "item/plan/delta":
      return withTexts({ type: "plan", id, text: "" }, texts);
    case "item/reasoning/textDelta":
    case "item/reasoning/summaryTextDelta":
      return withTexts({ type: "reasoning", id, summary: [], content: [] }, texts);
    default:
      return undefined;
  }
}
