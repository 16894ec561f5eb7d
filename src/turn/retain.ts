import type { Notification } from "../rpc/messages.ts";
import type { EventLog } from "./event-log.ts";
import { TurnFold } from "./fold.ts";
import { GapFiller } from "./gap.ts";

interface About {
  readonly threadId: string;
  readonly turnId: string;
}

/**
 * Makes every reader of the log get everything from now on, including what the fold saw before the log
 * was retained, except deltas of unfinished items. `start` is the turn's `turn/started`.
 */
export function retainFromStart(
  about: About,
  start: Notification | undefined,
  fold: TurnFold,
  log: EventLog,
): void {
  if (log.isRetained) return;
  log.retain();
  if (start) log.append(start);
  for (const one of itemsOf(about, fold, log)) log.append(one);
}

function* itemsOf(
  { threadId, turnId }: About,
  fold: TurnFold,
  log: EventLog,
): Generator<Notification, void> {
  const open = new Set(fold.openItems());
  const filler = new GapFiller(new TurnFold(), log);
  for (const item of fold.state.items) {
    const params = { threadId, turnId, item };
    if (open.has(item.id)) yield { method: "item/started", params };
    else yield* filler.fill({ method: "item/completed", params });
  }
}
