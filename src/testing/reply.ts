import { type Hold, isHold } from "./hold.ts";
import type { HttpFailure } from "./http-failure.ts";
import { text } from "./output.ts";
import type { Draft, Part, Step } from "./part.ts";

/**
 * A part of a reply: a string is a text message, and a gate or delay pauses the reply between two
 * parts.
 */
export type PartLike = Part | Hold | string;

/** The model's answer to one request. */
export type Reply = PartLike | HttpFailure;

/** Several parts in one response, in this order. */
export function reply(...parts: readonly PartLike[]): Part {
  return {
    *steps(draft) {
      for (const part of parts) {
        if (draft.ending !== "completed") return;
        yield* toSteps(part, draft);
      }
    },
  };
}

function toSteps(part: PartLike, draft: Draft): Iterable<Step> {
  if (typeof part === "string") return text(part).steps(draft);
  return isHold(part) ? [part] : part.steps(draft);
}
