import type { Turn as WireTurn } from "../protocol/index.ts";
import type { CatchUpThread } from "./catch-up-thread.ts";
import type { CurrentConnection } from "./thread-server.ts";

/** What is needed to interpret the server's list of turns. */
interface Listing {
  readonly connection: CurrentConnection;
  hasEnded(turn: WireTurn): boolean;
}

/**
 * Finds running turns whose start was missed, and sub-agents that any client's turns started during
 * the gap: nothing else subscribes to them. All turns of a sub-agent may have been missed, even
 * ones that have ended. `listed` contains the newest turns, newest first.
 */
export function discover(
  thread: CatchUpThread,
  listed: readonly WireTurn[],
  listing: Listing,
): void {
  const { family, turns } = thread;
  if (turns.areShown) show(thread, listed, listing);
  for (const turn of listed) {
    const isRunning = turn.status === "inProgress";
    if (isRunning) find(thread, turn);
    const isNews = isRunning || family.parent !== undefined || turns.get(turn.id);
    if (isNews) thread.adoptMissed(turn.id, turn.items ?? [], listing.connection);
  }
}

/** Whether these turns, newest first, go back to one that wasn't missed. */
export function showAllMissed({ shown }: CatchUpThread, listed: readonly WireTurn[]): boolean {
  return shown.newest == null ? shown.newest === undefined : listed.some(isTurn(shown.newest));
}

/** Reports turns that began and ended during the gap to the listeners for every turn. */
function show(thread: CatchUpThread, listed: readonly WireTurn[], { hasEnded }: Listing): void {
  const { shown, starts, turns } = thread;
  // One of them may be the turn that this client is starting.
  if (starts.isStarting) return;
  const ids = new Set<unknown>(listed.map(({ id }) => id));
  const missed = later(listed, shown.newest).filter(({ id }) => !turns.knows(id));
  for (const turn of missed.toReversed()) {
    // A review also runs under a second id, which names the first as its root.
    const { id, rootTurnId } = turn;
    if (!hasEnded(turn) || (rootTurnId !== id && ids.has(rootTurnId))) continue;
    const record = turns.find(id, { mayBeOurs: false });
    if (record) shown.show(record);
  }
  if (shown.newest === undefined) shown.newest = listed[0]?.id ?? null;
}

/** The turns after this one: none if it isn't listed, all if it is null. */
function later(listed: readonly WireTurn[], id: string | null | undefined): readonly WireTurn[] {
  if (id === null) return listed;
  return listed.slice(0, Math.max(0, listed.findIndex(isTurn(id))));
}

function isTurn(id: unknown): (turn: WireTurn) => boolean {
  return (turn) => turn.id === id;
}

/** The server lists this turn as running, but it may have ended since. */
function find(thread: CatchUpThread, { id, rootTurnId }: WireTurn): void {
  const { starts, turns } = thread;
  if (!starts.isActive) return;
  const record = turns.find(id, { mayBeOurs: starts.isStarting });
  if (record) thread.stopIfStopped(record, rootTurnId);
}
