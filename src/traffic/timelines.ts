import { Timeline } from "../timeline/index.ts";
import { isRecord } from "../util/describe.ts";
import type { Message, Row } from "./rows.ts";

/** A timeline of each thread; sub-agents are part of their parents' timelines. */
export function timelinesOf(rows: readonly Row[]): Timeline[] {
  const received = receivedIn(rows);
  const timelines = threadIdsIn(received).map((id) => timelineFrom(id, received));
  const agents = new Set(timelines.flatMap(({ agentThreadIds }) => agentThreadIds));
  return timelines.filter(
    ({ threadId, snapshot }) => !agents.has(threadId) && snapshot.turns.length > 0,
  );
}

/** The timeline of one thread that the traffic is about. */
export function timelineOf(threadId: string, rows: readonly Row[]): Timeline {
  return timelineFrom(threadId, receivedIn(rows));
}

function timelineFrom(threadId: string, received: readonly Message[]): Timeline {
  const timeline = new Timeline(threadId);
  for (const message of received) {
    const thread = threadIn(message);
    if (thread?.id === threadId) timeline.setThread(thread);
    else if (typeof message.method === "string") {
      timeline.apply({ ...message, method: message.method });
    }
  }
  return timeline;
}

/** The notifications and answers of the server. */
function receivedIn(rows: readonly Row[]): Message[] {
  return rows.flatMap((row) => {
    if (row.kind === "request") return row.byServer || !row.answer ? [] : [row.answer];
    if (row.kind === "event" || !row.byServer) return [];
    return isRecord(row.message) ? [row.message] : [];
  });
}

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
