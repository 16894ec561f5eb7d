import { Timeline } from "../timeline/index.ts";
import { isRecord } from "../util/describe.ts";
import type { Message, Row } from "./rows.ts";

/** The timeline of one thread in the traffic. */
export function timelineOf(threadId: string, rows: readonly Row[]): Timeline {
  const timeline = new Timeline(threadId);
  for (const message of receivedIn(rows)) {
    const thread = threadIn(message);
    if (thread?.id === threadId) timeline.setThread(thread);
    else if (typeof message.method === "string") {
      timeline.apply({ ...message, method: message.method });
    }
  }
  return timeline;
}

/** The server's notifications and answers. */
function receivedIn(rows: readonly Row[]): Message[] {
  return rows.flatMap((row) => {
    if (row.kind === "request") return row.byServer || !row.answer ? [] : [row.answer];
    if (row.kind === "event" || !row.byServer) return [];
    return isRecord(row.message) ? [row.message] : [];
  });
}

/** The thread that an answer describes. */
function threadIn({ result }: Message): Message | undefined {
  return isRecord(result) && isRecord(result.thread) ? result.thread : undefined;
}
