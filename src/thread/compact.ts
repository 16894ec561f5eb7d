import type { ThreadCompactStartResponse } from "../protocol/index.ts";
import { TurnFailedError, TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { startNextTurn } from "./start-other.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Compacts the thread's history: `thread/compact/start`. Resolves when the compaction has ended.
 * An abort interrupts it.
 */
export async function compactThread(
  thread: ThreadState,
  options: RequestOptions,
): Promise<ThreadCompactStartResponse> {
  const request = { method: "thread/compact/start", params: { threadId: thread.id } };
  const { answer, record } = await startNextTurn(
    thread,
    { ...request, isIt: isCompaction },
    options,
  );
  const state = await record.outcome;
  if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
  return answer as ThreadCompactStartResponse;
}

/** An interrupted one may be what this compaction has displaced. */
function isCompaction(record: TurnRecord): boolean {
  const hasItem = record.items().some(({ type }) => type === "contextCompaction");
  return hasItem && record.state.status !== "interrupted";
}
