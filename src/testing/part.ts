import { randomUUID } from "node:crypto";
import type { Hold } from "./hold.ts";

/** One event of the Responses API stream. */
export interface ModelEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An event, raw bytes of the event stream, or a point at which to pause. */
export type Step = ModelEvent | string | Hold;

/**
 * A piece of a reply. Your own parts can yield any steps, which are requested only as fast as they
 * are sent.
 */
export interface Part {
  steps(draft: Draft): Iterable<Step>;
}

/** The tokens of one response, named as in the protocol's token usage. */
export interface Usage {
  /** Default 10. Includes cached tokens. */
  readonly inputTokens?: number;
  /** Default 0. */
  readonly cachedInputTokens?: number;
  /** Default 5. Includes reasoning tokens. */
  readonly outputTokens?: number;
  /** Default 0. */
  readonly reasoningOutputTokens?: number;
}

/** The response so far: each part of a reply adds to it. */
export class Draft {
  readonly id: string = newId("resp");
  usage: Usage = {};
  /** How the stream ends: with `response.completed`, without it, or with the socket destroyed. */
  ending: "completed" | "unfinished" | "cut" = "completed";
  #outputs = 0;

  /** The `output_index` of the next output item. */
  nextOutput(): number {
    return this.#outputs++;
  }
}

/** The unique id of the response. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll("-", "")}`;
}

/** Sends these steps, for cases that no other builder covers. */
export function events(...steps: readonly Step[]): Part {
  return { steps: () => steps };
}

/**
 * Reports the tokens of the response. Without it, the response reports 10 input and 5 output
 * tokens.
 */
export function usage(tokens: Usage): Part {
  return {
    steps(draft) {
      draft.usage = tokens;
      return [];
    },
  };
}
