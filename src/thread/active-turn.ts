import type { TurnRecord } from "../turn/turn-record.ts";
import { runningTurn } from "./history.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

/** The running turn of a thread, no matter who started it; undefined if there is none. */
export async function activeTurn(
  thread: ThreadState,
  limits: RequestOptions = {},
): Promise<TurnRecord | undefined> {
  const { server, turns } = thread;
  await thread.subscribe(limits.signal);
  const known = [...turns].find((record) => record.isAwaited || record.items().length > 0);
  const ask = (method: string, params: object) => server.request(method, params, limits);
  const turnId = known?.turnId ?? (await runningTurn(thread, ask));
  if (turnId === undefined) return undefined;
  const record = turns.follow(turnId);
  // An ephemeral thread has no history, so nothing can have been missed.
  if (record.isOwn || thread.profile.isEphemeral) return record;
  record.missed();
  const connection = server.connection();
  // Without a connection, the next connection catches up.
  if (connection) thread.catchUp(connection);
  return record;
}
