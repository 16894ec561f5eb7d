import { isRecord } from "../util/describe.ts";
import type { ThreadServer } from "./thread-server.ts";
import type { ThreadStarts } from "./thread-starts.ts";

interface Queued {
  readonly id: string;
  readonly server: ThreadServer;
  readonly starts: ThreadStarts;
}

/** Asks whether the server's own queue of a thread is empty (`thread/queue/list`); the answer is applied in wire order. */
export async function askQueue({ id, server, starts }: Queued): Promise<void> {
  const onResult = (result: unknown) => {
    const data = isRecord(result) ? result.data : undefined;
    if (Array.isArray(data) && data.length === 0) starts.queueIsEmpty();
  };
  await server.request("thread/queue/list", { threadId: id, limit: 1 }, { onResult });
}
