import type { ThreadItem } from "../protocol/index.js";
import type { DeltaPart } from "./deltas.js";
/** One text of an item that the server sends in deltas, and by which method and index it does. */
export interface ItemText {
    readonly method: string;
    readonly summaryIndex?: number | undefined;
    readonly contentIndex?: number | undefined;
    readonly text: string;
}
/** Names the part of its item that a text is of. */
export declare function keyOf({ method, summaryIndex, contentIndex }: Omit<ItemText, "text">): string;
export declare function partOf({ method, params }: DeltaPart): Omit<ItemText, "text">;
/** The texts that an item holds so far, empty ones left out. Takes whatever came as an item. */
export declare function textsOf(item: ThreadItem): ItemText[];
/** The item with these texts in place of its own. */
export declare function withTexts(item: ThreadItem, texts: readonly ItemText[]): ThreadItem;
/** The texts of an item that has these deltas since it started: what it held then comes first. */
export declare function streamedTexts(started: ThreadItem | undefined, deltas: readonly ItemText[]): ItemText[];
/** Each part's text once, in the order in which the parts first stand there. */
export declare function joined(texts: readonly ItemText[]): ItemText[];
//# sourceMappingURL=item-texts.d.ts.map