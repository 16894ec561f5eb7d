import type { TraceEntry } from "../../trace/format.ts";
import { isRecord } from "../../util/describe.ts";
import { textOf } from "../../util/text-of.ts";

export type Message = Readonly<Record<string, unknown>>;

/** A step of the replay. */
export type Step =
  | { readonly kind: "receive"; readonly at: number; readonly message: unknown }
  | { readonly kind: "send"; readonly at: number; readonly message: Message }
  /** The server ended the connection. */
  | { readonly kind: "end"; readonly at: number; readonly message: string };

/** The steps of each connection of a recorded client. */
export function connectionsIn(entries: readonly TraceEntry[]): Step[][] {
  const connections: Step[][] = [];
  for (const entry of entries) {
    if ("event" in entry) {
      if (entry.event === "connected") connections.push([]);
      if (entry.event === "disconnected" && entry.details.byClient !== true) {
        const message = textOf(entry.details.message ?? "The connection ended in the recording");
        connections.at(-1)?.push({ kind: "end", at: entry.at, message });
      }
      continue;
    }
    const { at, direction, message } = entry;
    if (direction === "receive") connections.at(-1)?.push({ kind: "receive", at, message });
    else if (isRecord(message)) connections.at(-1)?.push({ kind: "send", at, message });
  }
  return connections;
}

/** A request, a notification, or an answer. */
export function kindOf(message: Message): string {
  if (typeof message.method === "string") {
    return "id" in message ? `the request ${message.method}` : `the notification ${message.method}`;
  }
  return `the answer to the server's request ${JSON.stringify(message.id)}`;
}
