import { CodexError, RequestTimeoutError } from "../errors/errors.ts";
import {
  InternalRpcError,
  JsonRpcError,
  MethodNotFoundError,
  ServerBusyError,
} from "../errors/rpc-errors.ts";
import type {
  ThreadReadResponse,
  ThreadTurnsListResponse,
  Turn as WireTurn,
} from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import { parentNamedBy } from "./kinship.ts";

/** A function that asks the server, such as `CurrentConnection.ask` and `ThreadServer.request`. */
export type Ask = (method: string, params: object) => Promise<unknown>;

/**
 * How many turns to list at first: a running turn is among the last few of its thread, unless other
 * clients have started many since.
 */
const RECENT_TURNS = 5;
const OLDER_TURNS = 50;
const MAX_PAGES = 5;

/**
 * The newest turns of a thread with all their items, newest first; none before its first turn.
 * Reads further back, within limits, until `isEnough` returns true. Only the newest can be in
 * progress. Rejects for an ephemeral thread, because the server keeps no history of it.
 */
export async function recentTurns(
  threadId: string,
  ask: Ask,
  isEnough: (turns: readonly WireTurn[]) => boolean = () => true,
): Promise<WireTurn[]> {
  const about = { threadId, sortDirection: "desc", itemsView: "full" };
  try {
    const turns: WireTurn[] = [];
    let params: object = { ...about, limit: RECENT_TURNS };
    for (let page = 1; page <= MAX_PAGES; page++) {
      const list = (await ask("thread/turns/list", params)) as ThreadTurnsListResponse | null;
      turns.push(...turnsOf(list?.data, "thread/turns/list"));
      const cursor = list?.nextCursor;
      if (typeof cursor !== "string" || isEnough(turns)) break;
      params = { ...about, limit: OLDER_TURNS, cursor };
    }
    return withOneRunning(turns);
  } catch (error) {
    if (isBeforeFirstTurn(error)) return [];
    if (!isUnavailable(error)) throw error;
    return withOneRunning(await readTurns(threadId, ask));
  }
}

/**
 * The turns with only the newest in progress, because turns run one at a time. While a thread is
 * active, the server lists every turn without a stored end as in progress, even one that died with
 * an earlier server.
 */
function withOneRunning([newest, ...older]: readonly WireTurn[]): WireTurn[] {
  if (newest === undefined) return [];
  return [
    newest,
    ...older.map(
      (turn): WireTurn =>
        turn.status === "inProgress" ? { ...turn, status: "interrupted" } : turn,
    ),
  ];
}

/**
 * The id of the running turn; undefined if there is none, or the server keeps no history of the
 * thread. A review runs under a second id, which never ends and names the first as its root.
 */
export async function runningTurn(
  { id, starts }: { readonly id: string; readonly starts: { readonly isActive: boolean } },
  ask: Ask,
): Promise<string | undefined> {
  try {
    const [newest] = await recentTurns(id, ask);
    if (newest === undefined) return undefined;
    const isRunning = newest.status === "inProgress" || (starts.isActive && isUnclear(newest));
    if (!isRunning) return undefined;
    const { rootTurnId } = newest;
    if (typeof rootTurnId !== "string" || rootTurnId === newest.id) return newest.id;
    return (await isSubAgent(id, ask)) ? newest.id : rootTurnId;
  } catch (error) {
    if (isEphemeral(error)) return undefined;
    throw error;
  }
}

/** Whether the thread is a sub-agent, whose turns name a turn of another thread as their root. */
async function isSubAgent(threadId: string, ask: Ask): Promise<boolean> {
  const read = await ask("thread/read", { threadId });
  return isRecord(read) && parentNamedBy(read.thread) !== undefined;
}

/**
 * Whether a listed turn may still run although it is listed as interrupted. The server lists a turn
 * like that, without the time of its end, for a moment when it starts and when it ends, and forever
 * if it died with its server.
 */
export function isUnclear({ status, completedAt }: WireTurn): boolean {
  return status === "interrupted" && completedAt === null;
}

/** Reads all turns with the thread, for servers that don't list turns, or don't list them yet. */
async function readTurns(threadId: string, ask: Ask): Promise<WireTurn[]> {
  try {
    const read = (await ask("thread/read", {
      threadId,
      includeTurns: true,
    })) as Partial<ThreadReadResponse> | null;
    return turnsOf(read?.thread?.turns, "thread/read").toReversed();
  } catch (error) {
    if (isBeforeFirstTurn(error)) return [];
    throw error;
  }
}

/** The turns in an answer, without values that aren't turns or items. */
function turnsOf(turns: unknown, method: string): WireTurn[] {
  if (!Array.isArray(turns))
    throw new CodexError(`The server's response to ${method} has no turns`);
  return turns
    .filter((turn: Partial<WireTurn> | null) => typeof turn?.id === "string")
    .map((turn) => ({
      ...turn,
      items: Array.isArray(turn.items) ? turn.items.filter(isRecord) : [],
    }));
}

/** Whether the server can't or doesn't answer although the connection works. */
export function isNoAnswer(error: unknown): error is JsonRpcError | RequestTimeoutError {
  return error instanceof JsonRpcError || error instanceof RequestTimeoutError;
}

/**
 * Whether the server has refused the request, so that nothing has changed. A failure inside the server, or an
 * unreadable response, isn't a refusal.
 */
export function wasRefused(error: unknown): boolean {
  return error instanceof JsonRpcError && !(error instanceof InternalRpcError);
}

/**
 * Whether the server can't answer the question, or not for this thread. A busy server, or one that
 * doesn't answer in time, hasn't refused.
 */
export function isRefusal(error: unknown): error is JsonRpcError {
  return error instanceof JsonRpcError && !(error instanceof ServerBusyError);
}

/** Whether the server has no such method, or has it only for clients with the experimental API. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof MethodNotFoundError) return true;
  return error instanceof JsonRpcError && error.serverMessage.includes("requires experimentalApi");
}

/** Whether the server hasn't stored the thread yet: it does so when the first turn starts. */
export function isBeforeFirstTurn(error: unknown): boolean {
  if (!(error instanceof JsonRpcError)) return false;
  const said = error.serverMessage;
  const isEmpty = said.includes("rollout at ") && said.includes(" is empty");
  return isEmpty || /no rollout|list_turns is not supported|not materialized/.test(said);
}

/** Whether the server keeps no history of the thread, so that a missed part of it can't be fetched. */
export function isEphemeral(error: unknown): boolean {
  return error instanceof JsonRpcError && /ephemeral threads do not/.test(error.serverMessage);
}
