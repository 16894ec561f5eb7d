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
  for (const turn of listed) {
    const isRunning = turn.status === "inProgress";
    if (isRunning) find(thread, turn);
    const isNews = isRunning || family.parent !== undefined || turns.get(turn.id);
    if (isNews) thread.adoptMissed(turn.id, turn.items ?? [], listing.connection);
  }
  if (turns.areShown) show(thread, listed, listing);
}

/** Whether these turns, newest first, go back to one that wasn't missed. */
export function showAllMissed(thread: CatchUpThread, listed: readonly WireTurn[]): boolean {
  const { newest } = thread.shown;
  return newest == null ? newest === undefined : listed.some(wasSeen(thread));
}

/**
 * Reports turns that began during the gap to the listeners for every turn. The server may store
 * their ends late, so they are then followed like this client's turns.
 */
function show(thread: CatchUpThread, listed: readonly WireTurn[], { hasEnded }: Listing): void {
  const { family, shown, starts, turns } = thread;
  // One of the turns may be the one that this client is starting.
  if (starts.isStarting) {
    shown.isBehind = true;
    return;
  }
  const ids = new Set<unknown>(listed.map(({ id }) => id));
  const missed = later(thread, listed).toReversed();
  shown.isBehind = false;
  for (const turn of missed) {
    const { id, rootTurnId } = turn;
    // A review has a second turn, whose root is the first one. The first turn is listed when the review has ended.
    // The root of a sub-agent's turn is a turn of another thread.
    const hasRoot = typeof rootTurnId === "string" && rootTurnId !== id;
    const mayRun = !hasEnded(turn) && family.parent === undefined;
    if (hasRoot && (mayRun || ids.has(rootTurnId))) continue;
    // The turn may have been seen before, when the client didn't know enough to report it.
    const isUnknown = !turns.knows(id);
    const record = isUnknown ? turns.find(id, { mayBeOurs: false }) : turns.get(id);
    if (record) shown.show(record);
  }
  if (shown.newest === undefined) shown.newest = listed[0]?.id ?? null;
}

/** The turns after the newest one that was seen: none if it isn't listed, all if there was none. */
function later(thread: CatchUpThread, listed: readonly WireTurn[]): readonly WireTurn[] {
  const { newest } = thread.shown;
  if (newest === null) return listed;
  if (newest === undefined) return [];
  return listed.slice(0, Math.max(0, listed.findIndex(wasSeen(thread))));
}

/** Whether the turn was seen. The newest one that was seen may have been removed since, so earlier ones count too. */
function wasSeen({ shown, turns }: CatchUpThread): (turn: WireTurn) => boolean {
  return ({ id }) => id === shown.newest || (!shown.isBehind && turns.hasEnded(id));
}

/** Finds the record of a turn that the server lists as running, unless the thread is no longer active. */
function find(thread: CatchUpThread, { id, rootTurnId }: WireTurn): void {
  const { starts, turns } = thread;
  if (!starts.isActive) return;
  const record = turns.find(id, { mayBeOurs: starts.isStarting });
  if (record) thread.stopIfStopped(record, rootTurnId);
}
