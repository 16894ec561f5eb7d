import { jsonText } from "../../text/json-text.ts";
import type { ThreadView } from "../views.ts";

/**
 * The version of the format of `toJson`; it increases when a member is removed or changes its
 * meaning.
 */
const VERSION = 1;

/** Writes a thread as one line of JSON: `{ version, thread }`, with the members of `ThreadView`. */
export function toJson(thread: ThreadView): string {
  return `${jsonText({ version: VERSION, thread })}\n`;
}
