import { JsonRpcError } from "../errors/rpc-errors.ts";
import { isRecord } from "../util/describe.ts";
import type { CurrentConnection } from "./thread-server.ts";

interface Confirmed {
  readonly id: string;
  confirm(thread: unknown): void;
}

/** Asks whether a thread is at work (`thread/read`); the answer is applied in the order of the wire. */
export async function askStatus(thread: Confirmed, connection: CurrentConnection): Promise<void> {
  try {
    await connection.ask("thread/read", { threadId: thread.id }, (result) => {
      const read = isRecord(result) ? result.thread : undefined;
      if (isRecord(read)) thread.confirm(read);
    });
  } catch (error) {
    if (isNotLoaded(error)) thread.confirm({ status: { type: "notLoaded" } });
    throw error;
  }
}

export function isNotLoaded(error: unknown): boolean {
  return error instanceof JsonRpcError && /thread not (?:loaded|found)/.test(error.serverMessage);
}
