import { MessageUnansweredError } from "../errors/errors.ts";
import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import type { TurnRecord } from "./turn-record.ts";

/** Ends a turn as the server did, or with an error if it completed without answering its first message. */
export function completeTurn(record: TurnRecord, end: Notification): void {
  const { turn } = isRecord(end.params) ? end.params : {};
  const isCompleted = isRecord(turn) && turn.status === "completed";
  const unanswered = isCompleted ? record.unanswered : undefined;
  if (unanswered === undefined) record.accept(end);
  else record.fail(new MessageUnansweredError(record, unanswered));
}

/**
 * The end of an interrupted turn whose end the server doesn't report, such as one that had only just
 * begun when its thread was unloaded.
 */
export function interruptedEnd({ threadId, turnId }: TurnRecord): Notification {
  const turn = { id: turnId, status: "interrupted", items: [], error: null };
  return { method: "turn/completed", params: { threadId, turn } };
}
