import { JsonRpcError } from "../errors/rpc-errors.ts";
import { isRecord } from "../util/describe.ts";
import type { LiveTurns } from "./live-turns.ts";
import type { CurrentConnection } from "./thread-server.ts";
import type { ThreadStarts } from "./thread-starts.ts";

interface Asked {
  readonly id: string;
  readonly turns: LiveTurns;
  readonly starts: ThreadStarts;
  inform(thread: unknown): void;
}

/** Asks whether a thread is active (`thread/read`); the answer is applied in wire order. */
export async function askStatus(thread: Asked, connection: CurrentConnection): Promise<void> {
  const { turns, starts } = thread;
  const { changes } = starts;
  // The answer replaces what was known before the question.
  const answered = (read: unknown): void => {
    thread.inform(read);
    // An answer without a status is ignored.
    if (!hasStatus(read)) return;
    // The answer doesn't reflect anything that started after the question.
    if (starts.isActive || starts.isStarting || starts.changes !== changes) return;
    turns.dropForeign();
    starts.confirmIdle();
  };
  try {
    await connection.ask("thread/read", { threadId: thread.id }, (result) => {
      const read = isRecord(result) ? result.thread : undefined;
      if (isRecord(read)) answered(read);
    });
  } catch (error) {
    if (isNotLoaded(error)) answered({ status: { type: "notLoaded" } });
    throw error;
  }
}

/** Like `askStatus`, if there is a connection. Resolves with whether the server has answered. */
export async function isStatusKnown(
  thread: Asked,
  connection: CurrentConnection | undefined,
): Promise<boolean> {
  if (!connection) return false;
  try {
    await askStatus(thread, connection);
    return true;
  } catch {
    return false;
  }
}

function hasStatus(thread: unknown): boolean {
  const status = isRecord(thread) ? thread.status : undefined;
  return isRecord(status) && typeof status.type === "string";
}

export function isNotLoaded(error: unknown): boolean {
  return error instanceof JsonRpcError && /thread not (?:loaded|found)/.test(error.serverMessage);
}
