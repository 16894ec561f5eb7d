import type { TurnPage } from "../bridge/messages.ts";
import type { Codex } from "../client/codex.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import { isBeforeFirstTurn, isEphemeral } from "../thread/history.ts";
import { Timeline } from "../timeline/timeline.ts";
import { badRequest } from "./errors.ts";

export interface OlderTurnsQuery {
  readonly threadId: string;
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** More turns could exceed the maximum size of a message from the server, which would end the connection. */
const MAX_TURNS = 20;

/** A page of a thread's stored turns, as a timeline shows them: at most 20, even if more are asked for. */
export async function olderTurns(codex: Codex, query: OlderTurnsQuery): Promise<TurnPage> {
  const { threadId, cursor = null, signal } = query;
  const params = { threadId, cursor, limit: Math.min(query.limit, MAX_TURNS) };
  try {
    const { data, nextCursor } = await codex.request(
      "thread/turns/list",
      { ...params, sortDirection: "desc", itemsView: "full" },
      { signal },
    );
    const timeline = new Timeline(threadId);
    timeline.merge(data);
    return { turns: timeline.snapshot.turns, cursor: nextCursor ?? null };
  } catch (error) {
    if (isEphemeral(error) || isBeforeFirstTurn(error)) return { turns: [], cursor: null };
    if (error instanceof JsonRpcError && /cursor/.test(error.serverMessage)) {
      throw badRequest("The cursor doesn't belong to this thread's history");
    }
    throw error;
  }
}
