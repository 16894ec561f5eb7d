import { JsonRpcError, MethodNotFoundError } from "../errors/rpc-errors.ts";
import type { ThreadReadResponse, Turn } from "../protocol/index.ts";
import { dataOf } from "../thread/data-of.ts";
import { isBeforeFirstTurn, isRefusal } from "../thread/history.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import { Leavable } from "../util/leavable.ts";
import { pages } from "./pages.ts";

type Ask = (method: string, params: object, options: RequestOptions) => Promise<unknown>;

const PAGE = 50;

/**
 * A thread with all its turns, oldest first: `thread/read` and the pages of `thread/turns/list`.
 * Servers without pages return the turns with the thread.
 */
export async function readWithTurns(
  ask: Ask,
  options: RequestOptions,
): Promise<ThreadReadResponse> {
  try {
    const [read, turns] = await Promise.all([
      ask("thread/read", {}, options),
      turnPages(ask, options),
    ]);
    const { thread, ...rest } = read as ThreadReadResponse;
    return { ...rest, thread: { ...thread, turns } };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return (await ask("thread/read", { includeTurns: true }, options)) as ThreadReadResponse;
  }
}

export interface ListOptions extends RequestOptions {
  readonly cursor?: unknown;
}

/** The entries of all pages: none before the first turn, when the server hasn't stored anything yet. */
export function listEntries<Entry>(
  ask: Ask,
  method: string,
  options: ListOptions,
): AsyncGenerator<Entry, undefined> {
  return new Leavable(() => readEntries<Entry>(ask, method, options));
}

async function* readEntries<Entry>(
  ask: Ask,
  method: string,
  { signal, timeoutMs, cursor, ...params }: ListOptions,
): AsyncGenerator<Entry, undefined> {
  const limits = { signal, timeoutMs };
  try {
    yield* pages<Entry>(method, cursor, (next) =>
      ask(method, { ...params, cursor: next ?? null }, limits),
    );
  } catch (error) {
    if (isBeforeFirstTurn(error)) return;
    if (error instanceof MethodNotFoundError && (await hasNoTurns(ask, limits))) return;
    throw error;
  }
}

/**
 * Whether the thread hasn't run a turn yet: the error is then the same as from a server that can't list items at all.
 */
async function hasNoTurns(ask: Ask, limits: RequestOptions): Promise<boolean> {
  const params = { cursor: null, limit: 1, sortDirection: "desc", itemsView: "summary" };
  try {
    return dataOf(await ask("thread/turns/list", params, limits), "thread/turns/list").length === 0;
  } catch (error) {
    if (error instanceof JsonRpcError) return isBeforeFirstTurn(error);
    throw error;
  }
}

/** The id of the first of the last `count` turns. */
export async function turnBefore(
  thread: { turns(options: object): AsyncIterable<Turn> },
  count: number,
  options: RequestOptions,
): Promise<string> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(
      `rollback: the number of turns must be a whole number of at least 1, not ${count}`,
    );
  }
  let left = count;
  const newestFirst = { ...options, sortDirection: "desc", itemsView: "summary" };
  for await (const { id } of thread.turns(newestFirst)) if (--left === 0) return id;
  throw new RangeError(`rollback: the thread has ${count - left} turns, fewer than ${count}`);
}

async function turnPages(ask: Ask, options: RequestOptions): Promise<Turn[]> {
  const method = "thread/turns/list";
  const turns: Turn[] = [];
  const all = pages<Turn>(method, undefined, (cursor) => {
    const params = { cursor: cursor ?? null, limit: PAGE };
    return ask(method, { ...params, sortDirection: "asc", itemsView: "full" }, options);
  });
  for await (const turn of all) turns.push(turn);
  return turns;
}
