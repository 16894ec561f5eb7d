import { visibleJsonLine } from "../../text/json-text.ts";
import { escapeLine } from "../../text/visible.ts";

/** A difference between a client and the recording. */
export type Divergence =
  /** The client sent the message, but with different content. */
  | {
      readonly kind: "different";
      /** The message, such as "the request turn/start". */
      readonly what: string;
      /** The location in the message, such as "params.input[0].text". */
      readonly path: string;
      readonly recorded: unknown;
      readonly actual: unknown;
    }
  /** The client sent a message that the recording doesn't have, or sent it more often. */
  | { readonly kind: "unexpected"; readonly what: string; readonly actual: unknown }
  /** The client didn't send a message that the recording has. */
  | { readonly kind: "missing"; readonly what: string; readonly recorded: unknown };

const MAX_CHARS = 300;

/** A divergence as one line of text. Recordings can come from anyone, so hidden characters are escaped. */
export function describeDivergence(divergence: Divergence): string {
  const what = escapeLine(divergence.what);
  switch (divergence.kind) {
    case "different":
      return `${what} differs at ${escapeLine(divergence.path) || "the top level"}: recorded ${quote(divergence.recorded)}, sent ${quote(divergence.actual)}`;
    case "unexpected":
      return `${what} isn't in the recording: ${quote(divergence.actual)}`;
    case "missing":
      return `${what} wasn't sent: ${quote(divergence.recorded)}`;
  }
}

function quote(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = visibleJsonLine(value);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`;
}
