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

/** The threads in the traffic, newest first, each followed by its sub-agents. */
export function itemsOf(threads: readonly ThreadFacts[], search: string): ThreadItem[] {
  const named = threads.filter(({ isNamed }) => isNamed);
  const known = new Set(named.map(({ threadId }) => threadId));
  const isRoot = ({ parentThreadId: parent }: ThreadFacts) => parent === null || !known.has(parent);
  const children = childrenOf(named);
  // A server can name an endless chain of sub-agents, which would overflow the stack.
  const waiting = named
    .filter(isRoot)
    .sort(byActivity)
    .reverse()
    .map((thread) => ({ thread, depth: 0 }));
  const items: ThreadItem[] = [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { thread, depth } = next;
    items.push(itemOf(thread, depth));
    const below = children.get(thread.threadId) ?? [];
    for (const child of below.toReversed()) waiting.push({ thread: child, depth: depth + 1 });
  }
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return items;
  return items.filter(({ title, threadId, model }) =>
    `${title} ${threadId} ${model}`.toLowerCase().includes(wanted),
  );
}

/** The threads with a parent, by its id. */
function childrenOf(threads: readonly ThreadFacts[]): ReadonlyMap<string, readonly ThreadFacts[]> {
  const children = new Map<string, ThreadFacts[]>();
  for (const thread of threads) {
    const { parentThreadId: parent } = thread;
    if (parent === null) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(thread);
    else children.set(parent, [thread]);
  }
  return children;
}

/** Threads that were active while the client ran come first, newest on top. Threads don't move afterwards. */
function byActivity(a: ThreadFacts, b: ThreadFacts): number {
  return (b.activeAt ?? -1) - (a.activeAt ?? -1);
}

/**
 * The listed threads with what the traffic shows about them, then threads that appear only in the
 * traffic.
 */
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
  const children = childrenOf(threads);
  const family = new Set([threadId]);
  // The loop also visits the threads that are added meanwhile.
  for (const id of family) {
    for (const child of children.get(id) ?? []) family.add(child.threadId);
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
