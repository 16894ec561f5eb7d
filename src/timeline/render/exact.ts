import { escapeVisible } from "../../text/visible.ts";

/**
 * What the agent does, with hidden characters as escapes, so that none is left out. Backslashes and
 * tabs stay as they are, and returns before line feeds don't matter: it is for reading.
 */
export function exact(text: string): string {
  return text.replaceAll(/\r(?=\n|$)/g, "").replaceAll(/[^\\\t]+/g, (part) => escapeVisible(part));
}
