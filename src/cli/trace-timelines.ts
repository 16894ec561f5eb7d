import { Timeline } from "../timeline/index.ts";
import type { TraceEntry } from "../trace/format.ts";
import { isRecord } from "../util/describe.ts";

/** A timeline of each thread in a trace; sub-agents are part of their parents' timelines. */
export function timelinesOf(entries: readonly TraceEntry[]): Timeline[] {
  const received = entries.flatMap((entry) =>
    "direction" in entry && entry.direction === "receive" && isRecord(entry.message)
      ? [entry.message]
      : [],
  );
  const timelines = new Map(threadIdsIn(received).map((id) => [id, new Timeline(id)]));
  for (const message of received) {
    const thread = threadIn(message);
    for (const timeline of timelines.values()) {
      if (thread && thread.id === timeline.threadId) timeline.setThread(thread);
      else if (typeof message.method === "string" && !("id" in message)) {
        timeline.apply({ ...message, method: message.method });
      }
    }
  }
  const agents = new Set([...timelines.values()].flatMap(({ agentThreadIds }) => agentThreadIds));
  return [...timelines.values()].filter(
    ({ threadId, snapshot }) => !agents.has(threadId) && snapshot.turns.length > 0,
  );
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
