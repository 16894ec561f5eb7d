import type { ThreadItem } from "../protocol/index.ts";
import type { CurrentConnection } from "../thread/thread-server.ts";
import { isRecord } from "../util/describe.ts";

/**
 * The items of a running turn, from the server. The server lists uncompleted items only when the
 * thread is resumed with all its turns.
 */
export async function runningItems(
  connection: CurrentConnection,
  threadId: string,
  turnId: string,
): Promise<ThreadItem[]> {
  const resumed = await connection.ask("thread/resume", { threadId });
  const thread = isRecord(resumed) && isRecord(resumed.thread) ? resumed.thread : {};
  const turns = Array.isArray(thread.turns) ? thread.turns : [];
  const turn: unknown = turns.find((one: unknown) => isRecord(one) && one.id === turnId);
  const items = isRecord(turn) && Array.isArray(turn.items) ? turn.items : [];
  return items.filter((item: unknown) => isRecord(item) && typeof item.id === "string");
}
