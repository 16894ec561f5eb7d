import { MessageUnansweredError } from "../errors/errors.ts";
import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import { TurnOpening } from "./turn-opening.ts";
import type { TurnRecord } from "./turn-record.ts";

/**
 * Ends a turn as the server did, or with an error if it completed without answering its first message. `listed`: all
 * items of the turn, if the server has listed them: a client that has missed some may have seen later items first.
 */
export function completeTurn(
  record: TurnRecord,
  end: Notification,
  listed: readonly unknown[] = [],
): void {
  const { turn } = isRecord(end.params) ? end.params : {};
  const isCompleted = isRecord(turn) && turn.status === "completed";
  const unanswered = isCompleted ? whyUnanswered(record, TurnOpening.ofListed(listed)) : undefined;
  if (unanswered === undefined) record.accept(end);
  else record.fail(new MessageUnansweredError(record, unanswered));
}

function whyUnanswered(record: TurnRecord, listed: TurnOpening): string | undefined {
  const seen = record.unanswered(record.opening);
  return seen !== undefined && listed.isKnown ? record.unanswered(listed) : seen;
}

/**
 * The end of an interrupted turn whose end the server doesn't report, such as one that had only just
 * begun when its thread was unloaded.
 */
export function interruptedEnd({ threadId, turnId }: TurnRecord): Notification {
  const turn = { id: turnId, status: "interrupted", items: [], error: null };
  return { method: "turn/completed", params: { threadId, turn } };
}
