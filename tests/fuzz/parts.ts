import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldThread } from "./world.ts";
import { channelKey, type WorldItem, type WorldTurn } from "./world-turn.ts";

interface ItemWire {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly phase?: string | null;
  readonly [more: string]: unknown;
}

/** Sends a notification about the turn to the thread's subscribers. */
export function note(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  method: string,
  params: object,
): void {
  server.tell(thread, method, { turnId: turn.id, ...params });
}

export function startItem(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  wire: ItemWire,
  said?: string,
): WorldItem {
  const { id, type, text = "", phase } = wire;
  const item: WorldItem = {
    ...{ id, type, text, wire, said },
    ...(phase !== undefined && { phase }),
    ...{ completedAt: undefined, isLate: false },
  };
  turn.items.push(item);
  const { line } = server;
  const params = { turnId: turn.id, item: wire };
  server.tell(thread, "item/started", params, () => {
    line?.announced.add(item.id);
    server.announced.add(item.id);
  });
  return item;
}

export function completeItem(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  item: WorldItem,
  more: object = {},
): void {
  item.wire = { ...item.wire, ...more };
  turn.complete(item, server.clock.now);
  note(server, thread, turn, "item/completed", { item: item.wire });
}

/** Adds to the text of an item. `isSent` is false for text for which the server sends no delta. */
export function speak(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  delta: { method: string; itemId: string; text: string; part?: object; isSent?: boolean },
): void {
  const { method, itemId, text, part = {}, isSent = true } = delta;
  const key = channelKey(method, { itemId, ...part });
  const channel = turn.channels.get(key) ?? { itemId, whole: "", sent: "", marks: [] };
  turn.channels.set(key, channel);
  channel.whole += text;
  if (!isSent) return;
  channel.sent += text;
  if (server.line?.subscribed.has(thread.id)) {
    channel.marks.push({ length: channel.sent.length, at: server.clock.now });
  }
  note(server, thread, turn, method, { itemId, delta: text, ...part });
}

/**
 * Adds the user messages that arrived since the last call as items. Returns true if there were any.
 */
export function sayUsers(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): boolean {
  const messages = turn.pending.splice(0);
  for (const { clientId = null, text } of messages) {
    const content = [{ type: "text", text, text_elements: [] }];
    const wire = { id: server.world.nextItemId(), type: "userMessage", clientId, content };
    completeItem(server, thread, turn, startItem(server, thread, turn, wire, text));
  }
  return messages.length > 0;
}
