import type { ThreadPage, ThreadSummary } from "../bridge/messages.ts";
import type { Codex } from "../client/codex.ts";
import { isRecord } from "../util/describe.ts";
import { badRequest } from "./errors.ts";
import type { SealedCursors } from "./sealed-cursors.ts";

export interface ListQuery {
  readonly search: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly archived: boolean;
  readonly signal: AbortSignal;
}

/**
 * The maximum number of the server's pages to read for one page of threads that the user may see.
 */
const MAX_PAGES = 10;
/** The maximum size of a server page. */
const MAX_SIZE = 100;

const STATUS = ["notLoaded", "idle", "active", "systemError"] as const;

/** Where a page begins: in this server page, after this thread if it is still there. */
interface Position {
  readonly cursor: string | null;
  readonly after: string | null;
}

/**
 * A page of the stored threads that the user may see. Whether there are more doesn't depend on
 * other users' threads: otherwise a search would reveal what they contain. If hundreds of their threads come
 * first, a page can be short although more pages follow.
 */
export async function listThreads(
  codex: Codex,
  { cursor: given, ...query }: ListQuery,
  cursors: SealedCursors,
  maySee: (threadId: string) => Promise<boolean>,
): Promise<ThreadPage> {
  const { limit, search, archived } = query;
  const name = JSON.stringify([search, archived]);
  // A search reads many pages, so that its cursor reveals nothing about the few threads that
  // contain a rare text.
  const size = search === undefined ? Math.min(limit + 1, MAX_SIZE) : MAX_SIZE;
  const threads: ThreadSummary[] = [];
  let position = given === undefined ? FIRST : positionOf(cursors.open(given, name));
  for (let pages = 1; ; pages++) {
    const { cursor, after } = position;
    const page = await pageOf(codex, { ...query, limit: size }, cursor ?? undefined);
    const start = page.threads.findIndex(({ id }) => id === after) + 1;
    const rest = page.threads.slice(start);
    const allowed = await Promise.all(rest.map(({ id }) => maySee(id)));
    for (const thread of rest.filter((_, index) => allowed[index])) {
      if (threads.length === limit) {
        const last = threads.at(-1)?.id ?? null;
        const isHere = rest.some(({ id }) => id === last);
        return {
          threads,
          cursor: cursors.seal({ cursor, after: isHere ? last : after }, name),
        };
      }
      threads.push(thread);
    }
    if (page.cursor === null) return { threads, cursor: null };
    position = { cursor: page.cursor, after: null };
    if (pages === MAX_PAGES) return { threads, cursor: cursors.seal(position, name) };
  }
}

const FIRST: Position = { cursor: null, after: null };

/** @throws HttpError for a cursor that the handler hasn't given for this query. */
function positionOf(opened: unknown): Position {
  if (!isRecord(opened)) throw badRequest("The cursor doesn't belong to this list");
  return { cursor: textOrNull(opened.cursor), after: textOrNull(opened.after) };
}

async function pageOf(
  codex: Codex,
  { search, limit, archived, signal }: Omit<ListQuery, "cursor">,
  cursor: string | undefined,
): Promise<ThreadPage> {
  if (search !== undefined) {
    const params = { searchTerm: search, cursor: cursor ?? null, limit, archived };
    const { data, nextCursor } = await codex.request("thread/search", params, { signal });
    return pageFrom(
      data.map(({ thread }) => thread),
      nextCursor,
    );
  }
  const { data, nextCursor } = await codex.threadList({ cursor, limit, archived, signal });
  return pageFrom(data, nextCursor);
}

function pageFrom(threads: readonly unknown[], cursor: unknown): ThreadPage {
  return {
    threads: threads.flatMap((thread) => summaryOf(thread) ?? []),
    cursor: typeof cursor === "string" ? cursor : null,
  };
}

/** The part of a stored thread that a list shows. */
function summaryOf(thread: unknown): ThreadSummary | undefined {
  if (!isRecord(thread) || typeof thread.id !== "string") return undefined;
  const { id, name, preview, model, cwd, createdAt, updatedAt } = thread;
  const status = isRecord(thread.status) ? thread.status.type : undefined;
  return {
    id,
    name: textOrNull(name),
    preview: textOrNull(preview) ?? "",
    status: STATUS.find((one) => one === status) ?? null,
    model: textOrNull(model),
    cwd: textOrNull(cwd),
    createdAt: milliseconds(createdAt),
    updatedAt: milliseconds(updatedAt),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function milliseconds(seconds: unknown): number | null {
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : null;
}
