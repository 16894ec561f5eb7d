import { escapeVisible } from "../../text/visible.ts";

/**
 * An action of the agent, with hidden characters escaped, so that none is omitted. It is for
 * reading: backslashes and tabs are unchanged, and carriage returns before line feeds are ignored.
 */
export function exact(text: string): string {
  return text.replaceAll(/\r(?=\n|$)/g, "").replaceAll(/[^\\\t]+/g, (part) => escapeVisible(part));
}
