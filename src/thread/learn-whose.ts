import type { Turn as WireTurn } from "../protocol/index.ts";
import { isEphemeral, isNoAnswer, recentTurns } from "./history.ts";
import { childrenIn } from "./kinship.ts";
import type { ThreadState } from "./thread-state.ts";

/** How long the server may take to store what it has already reported. */
const WRITE_LAG_MS = 15_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

/**
 * Looks up who started a turn, if this client missed it: how it began and, on a sub-agent, how
 * the turn that it works for began. Stops when that is known, when it is no longer needed, or when
 * the server doesn't report it.
 */
export async function learnWhose(
  thread: ThreadState,
  turnId: string,
  signal: AbortSignal,
): Promise<void> {
  const { family, turns } = thread;
  const isKnown = () => family.knowsOwner(turnId);
  await learnOpening(thread, { turnId, isKnown, isRunning: true }, signal);
  if (turns.owners.isAnothers(turnId) || family.isKnownAsOurs(turnId)) return;
  const root = family.rootOf(turnId);
  if (root) {
    const isKnown = () => root.threads.some((one) => one.turns.owners.knowsBeginning(root.turnId));
    const wanted = { turnId: root.turnId, isKnown, isRunning: false };
    await Promise.all(root.threads.map((one) => learnOpening(one, wanted, signal)));
    return;
  }
  const { parent } = family;
  if (parent === undefined) return;
  await learnOrigin(thread, parent, signal);
  const { origin } = family;
  if (origin !== undefined) await learnWhose(parent, origin, signal);
}

/**
 * The parent's turn that started a sub-agent; undefined if the history doesn't show it yet. Rejects if the server
 * doesn't answer.
 */
export async function originOf(id: string, parent: ThreadState): Promise<string | undefined> {
  const ask = (method: string, params: object) => parent.server.request(method, params);
  const names = naming(id);
  const turns = await recentTurns(parent.id, ask, (some) => some.some(names)).catch((error) => {
    if (!isEphemeral(error)) throw error;
    return [];
  });
  return turns.findLast(names)?.id;
}

interface Wanted {
  readonly turnId: string;
  /** Whether the turn is running, and so among the newest. */
  readonly isRunning: boolean;
  /** Whether the turn's beginning became known in another way. */
  isKnown(): boolean;
}

function learnOpening(
  thread: ThreadState,
  { turnId, isRunning, isKnown }: Wanted,
  signal: AbortSignal,
): Promise<void> {
  return lookUp(thread, signal, {
    isKnown,
    isEnough: (listed) => isRunning || listed.some(({ id }) => id === turnId),
    learn: (listed, isWritten) => {
      const { owners } = thread.turns;
      const turn = listed.find(({ id }) => id === turnId);
      if (turn) return owners.learn(turn, { isWritten });
      // A server can list a turn only once it has an item.
      return isRunning && isWritten && owners.learn({ id: turnId, items: [] }, { isWritten });
    },
  });
}

function learnOrigin(
  { id, family }: ThreadState,
  parent: ThreadState,
  signal: AbortSignal,
): Promise<void> {
  const names = naming(id);
  return lookUp(parent, signal, {
    isKnown: () => family.origin !== undefined,
    isEnough: (listed) => listed.some(names),
    learn: (listed) => {
      const turn = listed.findLast(names);
      if (turn) family.workFor(parent, turn.id);
      return turn !== undefined;
    },
  });
}

/** Whether a turn names the sub-agent. Turns after the one that started it can name it too. */
function naming(id: string): (turn: WireTurn) => boolean {
  return ({ items }) => childrenIn(items ?? []).includes(id);
}

interface Question {
  /** Whether the owner has become known in another way. */
  isKnown(): boolean;
  readonly isEnough?: (turns: readonly WireTurn[]) => boolean;
  /**
   * Applies these turns, newest first. Returns whether they show the owner. `isWritten`: the server has had
   * enough time to write down what these turns lack.
   */
  learn(turns: readonly WireTurn[], isWritten: boolean): boolean;
}

async function lookUp(
  { id, server }: ThreadState,
  signal: AbortSignal,
  { isKnown, isEnough, learn }: Question,
): Promise<void> {
  const ask = (method: string, params: object) => server.request(method, params, { signal });
  let waitedMs = 0;
  for (let ms = FIRST_DELAY_MS; !isKnown(); ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
    const listed = await recentTurns(id, ask, isEnough).catch((error) => {
      if (!isNoAnswer(error) || isEphemeral(error)) throw error;
    });
    const isWritten = waitedMs >= WRITE_LAG_MS;
    if ((listed && learn(listed, isWritten)) || isWritten) return;
    await server.pause(ms, signal);
    waitedMs += ms;
  }
}
