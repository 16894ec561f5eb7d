import type { TurnRecord } from "../turn/turn-record.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Calls `listener`, which must not throw, with every turn of the thread that is seen from now on.
 * The thread is kept while there are listeners. Returns an idempotent function that unsubscribes.
 */
export function followTurns(
  thread: ThreadState,
  listener: (record: TurnRecord) => void,
): () => void {
  const stop = thread.shown.add(listener);
  thread.handles.retain();
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    stop();
    thread.handles.release();
  };
}
