import { CodexError, OutcomeUnknownError } from "../errors/errors.ts";
import type { ThreadCompactStartResponse } from "../protocol/index.ts";
import { CallLost } from "../rpc/pending.ts";
import { TurnFailedError, TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
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
  const { answer, next } = await orAborted(
    inSlot(thread, signal, async () => {
      let next = thread.starts.nextTurn();
      const onResult = () => {
        if (next.seen && wasDisplaced(next.seen)) next = thread.starts.nextTurn();
        thread.starts.expectTurn();
      };
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
  if (record === undefined) throw unseen(thread);
  const state = await orAborted(record.outcome, signal).catch((error) => {
    if (signal?.aborted) interruptQuietly(thread, record);
    throw error;
  });
  if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
  if (isOther(record)) throw unseen(thread);
  return answer as ThreadCompactStartResponse;
}

/** What was seen to end before the answer came may be another's turn, which this compaction has displaced. */
function wasDisplaced(record: TurnRecord): boolean {
  if (record.phase !== "ended") return false;
  return isOther(record) || record.state.status === "interrupted";
}

/** Whether the turn shows that it is no compaction. */
function isOther(record: TurnRecord): boolean {
  const items = record.items();
  return items.length > 0 && !items.some(({ type }) => type === "contextCompaction");
}

function unseen({ id }: ThreadState): CodexError {
  return new CodexError(
    `The compaction of thread ${id} was accepted, and its end was not seen: it may or may not have been carried out`,
  );
}
