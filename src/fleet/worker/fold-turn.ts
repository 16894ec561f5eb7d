import type { ThreadItem, Turn as WireTurn } from "../../protocol/index.ts";
import type { Notification } from "../../rpc/messages.ts";
import { EventLog } from "../../turn/event-log.ts";
import { TurnFold, type TurnState } from "../../turn/fold.ts";
import { endsBeside, itemIdOf, reusesItemId } from "../../turn/repeats.ts";
import type { TurnResult } from "../../turn/result.ts";

/**
 * The state of a turn according to its events so far, with the streamed text of unfinished items.
 */
export function foldTurn(events: Iterable<Notification>): TurnState {
  const log = new EventLog({ retain: true });
  const fold = new TurnFold(log);
  for (const event of events) {
    // The stream of a turn contains each item only once.
    const known = { fold, hasStarted: true, hasGap: false };
    if (reusesItemId(event, known)) fold.separate(itemIdOf(event));
    const beside = endsBeside(event, known);
    if (beside) fold.completeBeside(beside);
    else fold.apply(event);
    log.append(event);
  }
  return fold.state;
}

/** The events that bring readers of `events` to the state of a turn in the thread's history. */
export function missingEvents(
  threadId: string,
  turn: WireTurn,
  events: Iterable<Notification>,
): Notification[] {
  const seen = new Set<string>();
  for (const { method, params } of events) {
    if (method === "item/completed") seen.add((params as { item: ThreadItem }).item.id);
  }
  const missed = turn.items.filter(({ id }) => !seen.has(id));
  return missed.map((item) => ({
    method: "item/completed",
    params: { threadId, turnId: turn.id, item, completedAtMs: Date.now() },
  }));
}

/** `turn/completed` for a turn whose end no worker saw. */
export function endOf(threadId: string, turn: Partial<WireTurn> & { id: string }): Notification {
  return {
    method: "turn/completed",
    params: { threadId, turn: { error: null, ...turn, items: [], itemsView: "notLoaded" } },
  };
}

export function stateOf(result: TurnResult): TurnState {
  return {
    status: result.status,
    error: result.error,
    text: result.text,
    items: result.items,
    usage: result.usage,
    startedAt: seconds(result.startedAt),
    completedAt: seconds(result.completedAt),
    durationMs: result.durationMs,
  };
}

function seconds(date: Date | null): number | null {
  return date && date.getTime() / 1000;
}
