import type { TurnRecord } from "../turn/turn-record.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Calls `listener`, which must not throw, with every turn of the thread that shows itself from now
 * on. The thread is kept as long as somebody listens. Returns what stops it, which is idempotent.
 */
export function followTurns(
  thread: ThreadState,
  listener: (record: TurnRecord) => void,
): () => void {
  const stop = thread.shown.add(listener);
  thread.retain();
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    stop();
    thread.release();
  };
}
