import { childrenIn, childrenNamedBy, parentNamedBy } from "../thread/kinship.ts";
import { Timeline } from "../timeline/index.ts";
import type { TraceEntry } from "../trace/format.ts";
import { isRecord } from "../util/describe.ts";
import { textOf } from "../util/text-of.ts";

/** A timeline of each thread in a trace; sub-agents are part of their parents' timelines. */
export function timelinesOf(entries: readonly TraceEntry[]): Timeline[] {
  const received = entries.flatMap((entry) =>
    "direction" in entry && entry.direction === "receive" && isRecord(entry.message)
      ? [entry.message]
      : [],
  );
  const eldestOf = eldests(received);
  const timelines = new Map<string, Timeline>();
  for (const message of received) {
    const id = threadIdIn(message);
    if (id === undefined) continue;
    const eldest = eldestOf(id);
    const timeline = timelines.get(eldest) ?? new Timeline(eldest);
    timelines.set(eldest, timeline);
    const thread = threadIn(message);
    if (thread) timeline.setThread(thread);
    else if (typeof message.method === "string" && !("id" in message)) {
      timeline.apply({ ...message, method: message.method });
    }
  }
  return [...timelines.values()].filter(({ snapshot }) => snapshot.turns.length > 0);
}

type Message = Readonly<Record<string, unknown>>;

/** Levels of sub-agents; more than any server allows. */
const MAX_DEPTH = 64;

/**
 * Returns a function that finds the top-level thread that a sub-agent works for; for other threads,
 * the thread itself.
 */
function eldests(messages: readonly Message[]): (threadId: string) => string {
  const known = new Set(messages.map(threadIdIn));
  const parents = new Map<string, string>();
  const eldestOf = (threadId: string) => {
    let eldest = threadId;
    for (let depth = 0; depth < MAX_DEPTH; depth++) eldest = parents.get(eldest) ?? eldest;
    return eldest;
  };
  for (const message of messages) {
    for (const [parent, child] of kinshipsIn(message)) {
      // Threads can't work for each other.
      const isNew = known.has(parent) && !parents.has(child) && eldestOf(parent) !== child;
      if (isNew) parents.set(child, parent);
    }
  }
  return eldestOf;
}

/** The parents and children that a message names. */
function kinshipsIn(message: Message): [parent: string, child: string][] {
  const id = threadIdIn(message);
  if (id === undefined) return [];
  const params = isRecord(message.params) ? message.params : {};
  const thread = threadIn(message) ?? (isRecord(params.thread) ? params.thread : {});
  const turns: unknown[] = Array.isArray(thread.turns)
    ? [...thread.turns, params.turn]
    : [params.turn];
  const items = turns.flatMap((turn) =>
    isRecord(turn) && Array.isArray(turn.items) ? turn.items : [],
  );
  const parent = parentNamedBy(thread);
  const children = [...childrenNamedBy(textOf(message.method), params), ...childrenIn(items)];
  return [
    ...(parent === undefined ? [] : [[parent, id] as [string, string]]),
    ...children.map((child): [string, string] => [id, child]),
  ];
}

/** The thread that a message is about. */
function threadIdIn(message: Message): string | undefined {
  const { params } = message;
  const thread =
    threadIn(message) ?? (isRecord(params) && isRecord(params.thread) ? params.thread : {});
  const id = thread.id ?? (isRecord(params) ? params.threadId : undefined);
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The thread that an answer describes. */
function threadIn({ result }: Message): Message | undefined {
  return isRecord(result) && isRecord(result.thread) ? result.thread : undefined;
}
