import type { ThreadCompactStartResponse } from "../protocol/index.ts";
import { TurnFailedError, TurnResult } from "../turn/result.ts";
import { orAborted } from "../util/abort.ts";
import { inSlot } from "./in-slot.ts";
import { interruptQuietly } from "./stop-turn.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Compacts the thread's history: `thread/compact/start`. Resolves when the compaction has ended.
 * An abort interrupts it.
 */
export async function compactThread(
  thread: ThreadState,
  { signal, timeoutMs }: RequestOptions,
): Promise<ThreadCompactStartResponse> {
  using next = thread.nextTurn();
  const params = { threadId: thread.id };
  const onResult = () => thread.expectTurn();
  const answer = await orAborted(
    inSlot(thread, signal, () =>
      thread.server.request("thread/compact/start", params, { timeoutMs, onResult, retry: false }),
    ),
    signal,
  );
  const record = await orAborted(next.record, signal);
  if (record === undefined) return answer as ThreadCompactStartResponse;
  thread.claim(record.turnId);
  const state = await orAborted(record.outcome, signal).catch((error) => {
    if (signal?.aborted) interruptQuietly(thread, record);
    throw error;
  });
  if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
  return answer as ThreadCompactStartResponse;
}
