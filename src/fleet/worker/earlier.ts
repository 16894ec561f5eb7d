import type { Thread } from "../../client/thread.ts";
import type { Turn as WireTurn } from "../../protocol/index.ts";
import type { Notification } from "../../rpc/messages.ts";
import { isRecord } from "../../util/describe.ts";
import type { ReadFrom } from "../event-log.ts";
import { turnContext } from "../turn-context.ts";
import type { Ending, EventBatch } from "../wire.ts";
import type { TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";
import { endOf, foldTurn, missingEvents } from "./fold-turn.ts";

const PAGE = 1_000;
/** How many turns back to look for a lost turn: only turns that the server started itself can follow it. */
const MAX_TURNS_BACK = 5;

/** The turn in the thread's history, found by its message's id. */
export async function findEarlier(thread: Thread, turnId: string): Promise<WireTurn | undefined> {
  let looked = 0;
  for await (const turn of thread.turns({ sortDirection: "desc", limit: MAX_TURNS_BACK })) {
    const isIt = turn.items.some((item) => item.type === "userMessage" && item.clientId === turnId);
    if (isIt) return turn;
    if (++looked >= MAX_TURNS_BACK) return undefined;
  }
  return undefined;
}

/** All events that earlier workers have written for the turn. */
export async function readEvents(
  { events, codec }: WorkerContext,
  { turn, key }: TurnJob,
): Promise<Notification[]> {
  const all: Notification[] = [];
  let from: ReadFrom | undefined;
  for (;;) {
    const entries = await events.read(turn, from, PAGE);
    for (const { data } of entries) {
      all.push(...(codec.decode(data, turnContext("turn", turn, key)) as EventBatch).events);
    }
    const last = entries.at(-1);
    if (!last) return all;
    from = { after: last };
  }
}

/** How a lost worker's turn ended, and the events that its readers are missing. */
export function earlierEnding(lost: {
  readonly turn: string;
  readonly found: WireTurn | undefined;
  readonly events: readonly Notification[];
  readonly threadId: string;
  readonly previousWorker: string;
}): {
  readonly ending: Ending;
  readonly missed: readonly Notification[];
  readonly end: Notification;
} {
  const { found, threadId, previousWorker, turn } = lost;
  const turnId = found?.id ?? lastTurnOf(lost.events);
  const own = lost.events.filter((event) => turnIn(event) === turnId);
  const missed = found ? missingEvents(threadId, found, own) : [];
  const isOver = found?.status === "completed" || found?.status === "failed";
  const end =
    found && isOver
      ? endOf(threadId, found)
      : endOf(threadId, {
          id: turnId ?? turn,
          status: "interrupted",
          startedAt: found?.startedAt ?? null,
          completedAt: Math.round(Date.now() / 1000),
          durationMs: null,
          error: {
            message: `Worker ${previousWorker} was lost while it was running the turn`,
            ...{ codexErrorInfo: null, additionalDetails: null, misalignment: null },
          },
        });
  const state = foldTurn([...own, ...missed, end]);
  return {
    ending: { kind: "result", threadId, turnId: turnId ?? turn, state },
    ...{ missed, end },
  };
}

function lastTurnOf(events: readonly Notification[]): string | undefined {
  const started = events.findLast(({ method }) => method === "turn/started");
  return started && turnIn(started);
}

function turnIn({ params }: Notification): string | undefined {
  if (!isRecord(params)) return undefined;
  if (typeof params.turnId === "string") return params.turnId;
  return isRecord(params.turn) && typeof params.turn.id === "string" ? params.turn.id : undefined;
}
