import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";

/**
 * The text of the agent's messages as it comes. What a completed message holds beyond its deltas
 * (a client that joined in the middle of it has not seen them all) follows when it completes.
 */
export async function* textDeltas(
  notifications: AsyncIterable<Notification>,
): AsyncGenerator<string, undefined> {
  const seen = new Map<string, string>();
  for await (const { method, params } of notifications) {
    if (method === "item/agentMessage/delta") {
      const { itemId, delta } = params as { itemId: string; delta: string };
      seen.set(itemId, (seen.get(itemId) ?? "") + delta);
      if (delta !== "") yield delta;
    } else if (method === "item/completed") {
      const { item } = params as { item: ThreadItem };
      if (item.type !== "agentMessage") continue;
      const shown = seen.get(item.id) ?? "";
      seen.delete(item.id);
      if (item.text.startsWith(shown) && item.text !== shown) yield item.text.slice(shown.length);
    }
  }
}
