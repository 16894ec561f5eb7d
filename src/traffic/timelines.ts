import { Timeline } from "../timeline/index.ts";
import type { TraceEntry } from "../trace/format.ts";
import { isRecord } from "../util/describe.ts";

/** A timeline of each thread that a trace is about; sub-agents are in those of their parents. */
export function timelinesOf(entries: readonly TraceEntry[]): Timeline[] {
  const received = receivedIn(entries);
  const timelines = new Map(threadIdsIn(received).map((id) => [id, new Timeline(id)]));
  for (const timeline of timelines.values()) {
    for (const message of received) take(timeline, message);
  }
  const agents = new Set([...timelines.values()].flatMap(({ agentThreadIds }) => agentThreadIds));
  return [...timelines.values()].filter(
    ({ threadId, snapshot }) => !agents.has(threadId) && snapshot.turns.length > 0,
  );
}

/** The timeline of one thread that a trace is about. */
export function timelineOf(threadId: string, entries: readonly TraceEntry[]): Timeline {
  const timeline = new Timeline(threadId);
  for (const message of receivedIn(entries)) take(timeline, message);
  return timeline;
}

function receivedIn(entries: readonly TraceEntry[]): Message[] {
  return entries.flatMap((entry) =>
    "direction" in entry && entry.direction === "receive" && isRecord(entry.message)
      ? [entry.message]
      : [],
  );
}

function take(timeline: Timeline, message: Message): void {
  const thread = threadIn(message);
  if (thread?.id === timeline.threadId) timeline.setThread(thread);
  else if (typeof message.method === "string" && !("id" in message)) {
    timeline.apply({ ...message, method: message.method });
  }
}

type Message = Readonly<Record<string, unknown>>;

/** In the order in which they appear. */
function threadIdsIn(messages: readonly Message[]): string[] {
  const ids = messages.flatMap((message) => {
    const id = threadIn(message)?.id ?? (isRecord(message.params) ? message.params.threadId : "");
    return typeof id === "string" && id !== "" ? [id] : [];
  });
  return [...new Set(ids)];
}

/** The thread that an answer describes. */
function threadIn({ result }: Message): Message | undefined {
  return isRecord(result) && isRecord(result.thread) ? result.thread : undefined;
}
