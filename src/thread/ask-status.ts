import { JsonRpcError } from "../errors/rpc-errors.ts";
import { isRecord } from "../util/describe.ts";
import type { CurrentConnection } from "./thread-server.ts";

interface Asked {
  readonly id: string;
  askedForStatus(): (thread: unknown) => void;
}

/** Asks whether a thread is at work (`thread/read`); the answer is applied in the order of the wire. */
export async function askStatus(thread: Asked, connection: CurrentConnection): Promise<void> {
  const answered = thread.askedForStatus();
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

export function isNotLoaded(error: unknown): boolean {
  return error instanceof JsonRpcError && /thread not (?:loaded|found)/.test(error.serverMessage);
}
