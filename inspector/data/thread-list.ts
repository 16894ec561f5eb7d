import type { ThreadSummary } from "../../src/browser/index.ts";
import type { ThreadFacts } from "../../src/traffic/thread-facts.ts";

/** A thread in the list. */
export interface ThreadItem {
  readonly threadId: string;
  readonly title: string;
  readonly status: ThreadFacts["status"];
  readonly isWaiting: boolean;
  readonly model: string | undefined;
  readonly totalTokens: number;
  /** Unix time in milliseconds. */
  readonly updatedAt: number | undefined;
  /** How deep it is in the tree of sub-agents. */
  readonly depth: number;
}

/** The threads that the traffic is about, newest first, each followed by its sub-agents. */
export function itemsOf(threads: readonly ThreadFacts[], search: string): ThreadItem[] {
  const named = threads.filter(({ isNamed }) => isNamed);
  const known = new Set(named.map(({ threadId }) => threadId));
  const children = new Map<string, ThreadFacts[]>();
  const roots: ThreadFacts[] = [];
  for (const thread of named) {
    const { parentThreadId: parent } = thread;
    if (parent === null || !known.has(parent)) roots.push(thread);
    else children.set(parent, [...(children.get(parent) ?? []), thread]);
  }
  const items: ThreadItem[] = [];
  const add = (thread: ThreadFacts, depth: number) => {
    items.push(itemOf(thread, depth));
    for (const child of children.get(thread.threadId) ?? []) add(child, depth + 1);
  };
  for (const root of roots.sort(byActivity)) add(root, 0);
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return items;
  return items.filter(({ title, threadId, model }) =>
    `${title} ${threadId} ${model}`.toLowerCase().includes(wanted),
  );
}

/** Threads that were active while the client ran come first, newest on top. Threads don't move afterwards. */
function byActivity(a: ThreadFacts, b: ThreadFacts): number {
  return (b.activeAt ?? -1) - (a.activeAt ?? -1);
}

/** The listed threads with what the traffic says about them, then those that only the traffic knows. */
export function liveItems(
  listed: readonly ThreadSummary[],
  threads: readonly ThreadFacts[],
  search: string,
): ThreadItem[] {
  const byTraffic = itemsOf(threads, "");
  const known = new Map(threads.map((thread) => [thread.threadId, thread]));
  const inList = new Set(listed.map(({ id }) => id));
  const wanted = search.trim().toLowerCase();
  const isWanted = ({ title, threadId }: ThreadItem) =>
    inList.has(threadId) || `${title} ${threadId}`.toLowerCase().includes(wanted);
  const used = new Set(byTraffic.map(({ threadId }) => threadId));
  const stored = listed.filter(({ id }) => !used.has(id)).map(summaryItem);
  const recent = byTraffic.filter(
    (item) =>
      isWanted(item) && (inList.has(item.threadId) || !isListedOnly(known.get(item.threadId))),
  );
  return [...recent, ...stored];
}

/** Whether the traffic contains the thread only in a list, which may belong to another search. */
function isListedOnly(thread: ThreadFacts | undefined): boolean {
  return thread !== undefined && thread.turnCount === 0 && thread.status === "notLoaded";
}

function summaryItem(summary: ThreadSummary): ThreadItem {
  const { id, name, preview, status, model, updatedAt } = summary;
  return {
    ...{ threadId: id, status, isWaiting: false, totalTokens: 0, depth: 0 },
    title: name || preview.trim().split("\n", 1)[0] || id,
    model: model ?? undefined,
    updatedAt: updatedAt ?? undefined,
  };
}

/** The thread and its sub-agents. */
export function familyOf(threadId: string, threads: readonly ThreadFacts[]): ReadonlySet<string> {
  const family = new Set([threadId]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { threadId: id, parentThreadId } of threads) {
      if (parentThreadId !== null && family.has(parentThreadId)) family.add(id);
    }
  }
  return family;
}

export function itemOf(thread: ThreadFacts, depth: number): ThreadItem {
  const { threadId, name, nickname, preview, status, isWaiting, model, totalTokens } = thread;
  const agent = depth > 0 ? nickname : null;
  return {
    ...{ threadId, status, isWaiting, model, totalTokens, depth },
    title: name || agent || preview.trim().split("\n", 1)[0] || threadId,
    updatedAt: thread.updatedAt === null ? undefined : thread.updatedAt * 1_000,
  };
}
