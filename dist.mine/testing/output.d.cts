import { type Hold } from "./hold.cjs";
import { type Part, type Step } from "./part.cjs";
/** What is streamed: one delta, or several, with holds between them. Can be endless or generated. */
export type Deltas = string | Iterable<string | Hold>;
export interface TextOptions {
    /** The phase of the message. Default: none. */
    readonly phase?: "commentary" | "final_answer";
    /** Pause between two deltas, in milliseconds. Default: none. */
    readonly delayMs?: number;
}
export interface ReasoningOptions {
    /** The reasoning itself, which most models don't reveal. */
    readonly raw?: Deltas;
    /** Pause between two deltas, in milliseconds. Default: none. */
    readonly delayMs?: number;
}
/** An assistant message. */
export declare function text(deltas: Deltas, options?: TextOptions): Part;
/** A reasoning item with one section of summary. */
export declare function reasoning(summary: Deltas, options?: ReasoningOptions): Part;
export declare function outputItem(state: "added" | "done", index: number, item: object): Step;
//# sourceMappingURL=output.d.ts.map