import { CodexError } from "../errors/errors.ts";
import type { ThreadCompactStartResponse } from "../protocol/index.ts";
import { TurnFailedError, TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { startNextTurn } from "./start-other.ts";
import type { StartPlace } from "./start-queue.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

export const COMPACT = "thread/compact/start";

/**
 * Compacts the thread's history: `thread/compact/start`. Calls `begun` when the compaction has begun,
 * and resolves when it has ended. An abort interrupts it.
 */
export async function compactThread(
  thread: ThreadState,
  options: RequestOptions,
  place: StartPlace,
  begun: () => void,
): Promise<ThreadCompactStartResponse> {
  const request = { method: COMPACT, params: { threadId: thread.id } };
  const { answer, record } = await startNextTurn(
    thread,
    { ...request, isIt: isCompaction, place },
    options,
  );
  begun();
  const state = await record.outcome;
  if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
  if (isOther(record)) {
    throw new CodexError(
      `The compaction of thread ${thread.id} was accepted, but the server never reported that it ended: it may or may not have completed`,
    );
  }
  return answer as ThreadCompactStartResponse;
}

/** Whether the turn is the compaction. An interrupted turn may be one that the compaction has displaced. */
function isCompaction(record: TurnRecord): boolean {
  const { items, status } = record.state;
  return status !== "interrupted" && items.some(({ type }) => type === "contextCompaction");
}

/** Whether the turn is clearly not a compaction. */
function isOther(record: TurnRecord): boolean {
  return record.state.items.length > 0 && !isCompaction(record);
}
