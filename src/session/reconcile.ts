import { RequestTimeoutError } from "../errors/errors.ts";
import { JsonRpcError, MethodNotFoundError } from "../errors/rpc-errors.ts";
import type {
  ThreadItem,
  ThreadReadResponse,
  ThreadTurnsListResponse,
  Turn as WireTurn,
} from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { asSeen, isCounted } from "./listed-items.ts";
import type { ThreadChannel } from "./thread-channel.ts";

/** Asks the server on the connection at hand. */
export interface Ask {
  (method: string, params: object): Promise<unknown>;
  /** Waits before the server is asked again, but not beyond the end of the client. In milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Whether the server can't or does not say, on a connection that lives. */
export function isNoAnswer(error: unknown): error is JsonRpcError | RequestTimeoutError {
  return error instanceof JsonRpcError || error instanceof RequestTimeoutError;
}

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
    if (isBeforeFirstTurn(error)) return [];
    if (!(error instanceof MethodNotFoundError)) throw error;
    return readTurns(threadId, ask);
  }
}

/** The same from servers that list no turns, or not yet. */
async function readTurns(threadId: string, ask: Ask): Promise<WireTurn[]> {
  try {
    const read = await ask("thread/read", { threadId, includeTurns: true });
    return (read as ThreadReadResponse).thread.turns.toReversed();
  } catch (error) {
    if (isBeforeFirstTurn(error)) return [];
    throw error;
  }
}

/** Whether the server has written down nothing of the thread yet: it does so when the first turn begins. */
export function isBeforeFirstTurn(error: unknown): boolean {
  return (
    error instanceof JsonRpcError &&
    /no rollout|list_turns is not supported|not materialized/.test(error.serverMessage)
  );
}

/** Gives a turn, as notifications, what the server has of it and the record has not. */
function catchUp(channel: ThreadChannel, record: TurnRecord, turn: WireTurn, ask: Ask): void {
  const { threadId, turnId } = record;
  record.missed();
  const begun = { ...turn, items: [], status: "inProgress", completedAt: null };
  record.accept({ method: "turn/started", params: { threadId, turnId, turn: begun } });
  // Which of those that were not seen come yet is not known before the end: see `settle`.
  const listed = asSeen(turn.items, record.items());
  giveItems(
    record,
    listed.filter((item) => !isCounted(item)),
  );
  record.beforeEnd = () => settle(record, ask);
  if (turn.status === "inProgress") return;
  const params = { threadId, turn: { ...turn, items: [] } };
  channel.acceptTurn(turnId, { method: "turn/completed", params });
}

function giveItems(record: TurnRecord, items: readonly ThreadItem[]): void {
  const { threadId, turnId } = record;
  for (const item of items) {
    if ("status" in item && item.status === "inProgress") continue;
    const { startedAtMs, completedAtMs } = item as { startedAtMs?: number; completedAtMs?: number };
    record.accept({ method: "item/started", params: { threadId, turnId, item, startedAtMs } });
    record.accept({ method: "item/completed", params: { threadId, turnId, item, completedAtMs } });
  }
}

/** What the server has written down of a turn lags a little behind what it tells. */
const SETTLE_TRIES = 50;
const SETTLE_DELAY_MS = 20;
const USAGE_TRIES = 3;

/**
 * Completes a turn of which something was missed, before it ends here: once the server has written
 * down its end, what stands before it is whole.
 */
async function settle(record: TurnRecord, ask: Ask): Promise<void> {
  const { threadId } = record;
  try {
    for (let tries = 0; tries < SETTLE_TRIES; tries++) {
      if (tries > 0) await ask.pause(SETTLE_DELAY_MS);
      const turn = (await recentTurns(threadId, ask)).find(({ id }) => id === record.turnId);
      if (turn === undefined || turn.status === "inProgress") continue;
      const items = asSeen(turn.items, record.items());
      giveItems(record, items);
      record.arrange(items.map(({ id }) => id));
      break;
    }
    for (let tries = 0; record.lacksUsage && tries < USAGE_TRIES; tries++) {
      if (tries > 0) await ask.pause(SETTLE_DELAY_MS);
      await tellUsageAnew(threadId, ask);
    }
  } catch (error) {
    // The server can't say: the turn ends with what is known.
    if (!isNoAnswer(error)) throw error;
  }
}

/**
 * The server tells a thread's last token usage when the thread is resumed with all its turns, at
 * times just after the answer: the next answer shows that it has come.
 */
async function tellUsageAnew(threadId: string, ask: Ask): Promise<void> {
  await ask("thread/resume", { threadId });
  await ask("thread/read", { threadId });
}
