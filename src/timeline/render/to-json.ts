import type { ThreadView } from "../views.ts";

/** The version of what `toJson` writes; it grows when a member is removed or changes its meaning. */
const VERSION = 1;

/** A thread as one line of JSON: `{ version, thread }` with the members of `ThreadView`. */
export function toJson(thread: ThreadView): string {
  return `${JSON.stringify({ version: VERSION, thread })}\n`;
}
