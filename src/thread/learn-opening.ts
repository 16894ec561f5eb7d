import { isEphemeral, isNoAnswer, recentTurns } from "./history.ts";
import type { ThreadState } from "./thread-state.ts";

/** How long the server may take to store what it reports. */
const WRITE_LAG_MS = 15_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

/**
 * Looks up the beginning of a turn that this client has missed, to find out which client started
 * it. Stops when that is known, when it is no longer needed, or when the server doesn't answer.
 */
export async function learnOpening(
  thread: ThreadState,
  turnId: string,
  signal: AbortSignal,
): Promise<void> {
  const { turns, server } = thread;
  const ask = (method: string, params: object) => server.request(method, params, { signal });
  let waitedMs = 0;
  for (
    let ms = FIRST_DELAY_MS;
    !turns.hasSeenStart(turnId);
    ms = Math.min(2 * ms, LONGEST_DELAY_MS)
  ) {
    const listed = await recentTurns(thread.id, ask).catch((error) => {
      if (!isNoAnswer(error) || isEphemeral(error)) throw error;
    });
    const turn = listed?.find(({ id }) => id === turnId);
    if ((turn && turns.learn(turn)) || waitedMs >= WRITE_LAG_MS) return;
    await server.pause(ms, signal);
    waitedMs += ms;
  }
}
