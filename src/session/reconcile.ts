import { JsonRpcError, MethodNotFoundError } from "../errors/rpc-errors.ts";
import type {
  ThreadReadResponse,
  ThreadTurnsListResponse,
  Turn as WireTurn,
} from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import type { ThreadChannel } from "./thread-channel.ts";

/** Asks the server on the connection at hand. */
export type Ask = (method: string, params: object) => Promise<unknown>;

/** A live turn is among the last few of its thread. */
const RECENT_TURNS = 5;

/**
 * Asks the server about the live turns of a thread, and gives each what it has missed. Gives back
 * those that the server does not know.
 */
export async function reconcile(channel: ThreadChannel, ask: Ask): Promise<TurnRecord[]> {
  const records = [...channel.records];
  if (records.length === 0) return [];
  const turns = await recentTurns(channel.id, ask);
  const unknown: TurnRecord[] = [];
  for (const record of records) {
    const turn = turns.find(({ id }) => id === record.turnId);
    if (turn) catchUp(channel, record, turn, ask);
    else unknown.push(record);
  }
  return unknown;
}

/** The newest turns of a thread with all their items, newest first; none before its first turn. */
export async function recentTurns(threadId: string, ask: Ask): Promise<WireTurn[]> {
  try {
    const params = { threadId, limit: RECENT_TURNS, sortDirection: "desc", itemsView: "full" };
    return ((await ask("thread/turns/list", params)) as ThreadTurnsListResponse).data;
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    if (/not materialized|no rollout/.test(error.serverMessage)) return [];
    if (!(error instanceof MethodNotFoundError)) throw error;
    const read = await ask("thread/read", { threadId, includeTurns: true });
    return (read as ThreadReadResponse).thread.turns.toReversed();
  }
}

/** Gives a turn, as notifications, what the server has of it and the record has not. */
function catchUp(channel: ThreadChannel, record: TurnRecord, turn: WireTurn, ask: Ask): void {
  const { threadId, turnId } = record;
  const give = (method: string, params: object) =>
    record.accept({ method, params: { threadId, turnId, ...params } });
  record.missed();
  give("turn/started", { turn: { ...turn, items: [], status: "inProgress", completedAt: null } });
  for (const item of turn.items) {
    if ("status" in item && item.status === "inProgress") continue;
    const { startedAtMs, completedAtMs } = item as { startedAtMs?: number; completedAtMs?: number };
    give("item/started", { item, startedAtMs });
    give("item/completed", { item, completedAtMs });
  }
  record.askForUsage = () => askForUsage(threadId, ask);
  if (turn.status === "inProgress") return;
  const params = { threadId, turn: { ...turn, items: [] } };
  channel.acceptTurn(turnId, { method: "turn/completed", params });
}

/** The server tells a thread's last token usage when the thread is resumed with all its turns. */
async function askForUsage(threadId: string, ask: Ask): Promise<void> {
  try {
    await ask("thread/resume", { threadId });
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
  }
}
