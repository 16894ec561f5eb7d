import { NOTHING_DONE } from "../nothing-done.ts";
import { promote } from "../queue.ts";
import { partsOfKey } from "../redis/keys.ts";
import { turnContext } from "../turn-context.ts";
import type { Ending } from "../wire.ts";
import type { FleetContext } from "./context.ts";

/** Ends a turn that no worker has claimed. Resolves with the turn's phase, "" if it is unknown. */
export async function cancelled(context: FleetContext, turn: string): Promise<string> {
  const { redis, keys, codec, queue, keepMs } = context;
  const key = (await redis.client.hget(keys.turn(turn), "thread")) ?? "";
  const { thread: threadId } = partsOfKey(key);
  const ending: Ending = { kind: "result", threadId, turnId: turn, state: NOTHING_DONE };
  const data = codec.encode({ events: [], ending }, turnContext("turn", turn, key));
  const phase = String(await redis.run("cancel", turn, data));
  // The turn's job is needed only to wake the turns behind it.
  if (phase === "ended" && !(await promote(queue, turn))) await redis.run("expire", turn, keepMs);
  return phase;
}
