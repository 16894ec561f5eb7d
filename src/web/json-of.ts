import { jsonPieces } from "./json-pieces.ts";

/** Deeper than anything that is displayed. */
const MAX_DEPTH = 100;

export interface Json {
  readonly text: string;
  /** Deeper objects and arrays became null in the text. */
  readonly maxDepth: number;
}

/** The value as JSON. Extremely deep nesting, from a model or a tool, is cut off, because it would overflow the stack. */
export function encodeJson(value: unknown): Json {
  try {
    return { text: JSON.stringify(value), maxDepth: Number.POSITIVE_INFINITY };
  } catch {
    return { text: [...jsonPieces(value, MAX_DEPTH)].join(""), maxDepth: MAX_DEPTH };
  }
}

export function jsonOf(value: unknown): string {
  return encodeJson(value).text;
}
