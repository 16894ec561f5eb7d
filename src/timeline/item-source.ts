import type { BoundedText, EntryBase } from "./entries.ts";
import type { Foreign } from "./foreign.ts";

/**
 * The source of an item's view: the members that the server sent last, and the text that was
 * streamed since.
 */
export interface ItemSource {
  readonly base: EntryBase;
  readonly item: Foreign;
  readonly text: string;
  readonly summary: readonly string[];
  readonly raw: readonly string[];
  readonly output: BoundedText;
  /** The latest progress message of a call. */
  readonly progress: string | null;
}
