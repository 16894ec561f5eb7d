import type { ThreadPage, ThreadSummary } from "../bridge/messages.ts";
import type { Codex } from "../client/codex.ts";
import { isRecord } from "../util/describe.ts";

export interface ListQuery {
  readonly search: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly archived: boolean;
  readonly signal: AbortSignal;
}

/** The maximum number of pages to read to find threads that the user may see. */
const MAX_PAGES = 10;

const STATUS = ["notLoaded", "idle", "active", "systemError"] as const;

/** A page of the stored threads that the user may see. It can be empty even if more follow. */
export async function listThreads(
  codex: Codex,
  { cursor: first, ...query }: ListQuery,
  maySee: (threadId: string) => Promise<boolean>,
): Promise<ThreadPage> {
  let cursor: string | null | undefined = first;
  for (let pages = 1; ; pages++) {
    const page = await pageOf(codex, query, cursor ?? undefined);
    const allowed = await Promise.all(page.threads.map(({ id }) => maySee(id)));
    const threads = page.threads.filter((_, index) => allowed[index]);
    cursor = page.cursor;
    if (threads.length > 0 || cursor === null || pages === MAX_PAGES) return { threads, cursor };
  }
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

/** The part of a thread's record that a list shows. */
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
