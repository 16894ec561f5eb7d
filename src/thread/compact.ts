import { OutcomeUnknownError } from "../errors/errors.ts";
import type { ThreadCompactStartResponse } from "../protocol/index.ts";
import { CallLost } from "../rpc/pending.ts";
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
  const params = { threadId: thread.id };
  const onResult = () => thread.starts.expectTurn();
  const { answer, next } = await orAborted(
    inSlot(thread, signal, async () => {
      const next = thread.starts.nextTurn();
      try {
        const send = { timeoutMs, onResult, retry: false };
        return { answer: await thread.server.request("thread/compact/start", params, send), next };
      } catch (error) {
        next[Symbol.dispose]();
        throw error;
      }
    }),
    signal,
  );
  const record = await orAborted(next.record, signal).catch((cause) => {
    if (!(cause instanceof CallLost)) throw cause;
    throw new OutcomeUnknownError("thread/compact/start", cause.reason);
  });
  if (record === undefined) return answer as ThreadCompactStartResponse;
  const state = await orAborted(record.outcome, signal).catch((error) => {
    if (signal?.aborted) interruptQuietly(thread, record);
    throw error;
  });
  if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
  return answer as ThreadCompactStartResponse;
}
