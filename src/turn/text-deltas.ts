import type { Notification } from "../rpc/messages.ts";
import { isDelta } from "./deltas.ts";
import { itemIn } from "./foreign.ts";

/** The delivered part of a message: its length, and the last piece. */
interface Given {
  length: number;
  last: string;
}

/**
 * Extracts the text of the agent's messages from notifications; undefined if there is none. When a
 * message completes, the text after its deltas follows, unless it doesn't continue what was
 * delivered.
 */
export function textPicker(): (notification: Notification) => string | undefined {
  const messages = new Map<string, Given>();
  const give = (itemId: string, text: string) => {
    if (text === "") return undefined;
    const given = messages.get(itemId) ?? { length: 0, last: "" };
    given.length += text.length;
    given.last = text;
    messages.set(itemId, given);
    return text;
  };
  return (notification) => {
    const { method, params } = notification;
    if (method === "item/agentMessage/delta") {
      if (!isDelta(notification)) return undefined;
      return give(notification.params.itemId, notification.params.delta);
    }
    if (method !== "item/started" && method !== "item/completed") return undefined;
    const item = itemIn(params);
    if (item?.type !== "agentMessage" || typeof item.text !== "string") return undefined;
    if (method === "item/started") return give(item.id, item.text);
    const { length, last } = messages.get(item.id) ?? { length: 0, last: "" };
    messages.delete(item.id);
    const continues = item.text.length > length && item.text.slice(0, length).endsWith(last);
    return continues ? item.text.slice(length) : undefined;
  };
}
