import type { EventRow, Message } from "./rows.ts";

/** The severity of an event of a trace. */
export function eventLevel(event: string, details: Message): EventRow["level"] {
  if (event === "warning") return "warning";
  if (event === "reconnecting") return "error";
  return event === "disconnected" && details.byClient !== true ? "error" : "info";
}
