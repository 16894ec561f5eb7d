import type { TurnRecord } from "../turn/turn-record.ts";
import { recentTurns } from "./history.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Calls `listener`, which must not throw, with every turn of the thread that starts from now on,
 * including turns that run while there is no connection. The thread is kept while there are
 * listeners. Returns an idempotent function that unsubscribes.
 */
export function followTurns(
  thread: ThreadState,
  listener: (record: TurnRecord) => void,
): () => void {
  const stop = thread.shown.add(listener);
  thread.handles.retain();
  if (thread.shown.newest === undefined) findNewest(thread).catch(() => {});
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    stop();
    thread.handles.release();
  };
}

/** The same without the turns that are known to be running already. */
export function followNewTurns(
  thread: ThreadState,
  listener: (record: TurnRecord) => void,
): () => void {
  const running = new Set(Array.from(thread.turns, ({ turnId }) => turnId));
  return followTurns(thread, (record) => {
    if (!running.has(record.turnId)) listener(record);
  });
}

/**
 * Looks up the newest turn, as only later ones are reported. If the look-up fails, missed turns
 * aren't reported.
 */
async function findNewest({ id, server, shown }: ThreadState): Promise<void> {
  const connection = server.connection();
  if (connection === undefined) return;
  const [newest] = await recentTurns(id, (method, params) => connection.ask(method, params));
  if (!connection.isLost) shown.newest ??= newest?.id ?? null;
}
