import type { Notification } from "../rpc/messages.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * What the server has sent of the thread's unfinished turns, in wire order. Leaves out turns of
 * which something wasn't kept, or may have been missed, and deltas that a later item repeats.
 */
export function* receivedOf(thread: ThreadState): Generator<Notification, void> {
  for (const record of thread.turns) {
    const kept = record.soFar();
    if (kept === undefined) continue;
    yield* kept;
    yield* thread.heldOf(record.turnId);
  }
}
