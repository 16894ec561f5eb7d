import type { ThreadItem } from "../protocol/index.js";
import { type ItemText } from "./item-texts.js";
/** The deltas of items that are not completed. */
export interface StreamedDeltas {
    /** Those of one item, joined by part. */
    streamed(itemId: string): ItemText[];
    /** The ids of the items, in the order of their first deltas. */
    readonly streaming: Iterable<string>;
}
/**
 * Items that were started and not completed, each with the text that was streamed of it, in the
 * order in which they were started. Last come messages, plans and reasoning whose start was not seen.
 */
export declare function unfinishedItems(started: readonly ThreadItem[], deltas: StreamedDeltas): ThreadItem[];
//# sourceMappingURL=unfinished.d.ts.map