import type { Entry } from "../entries.cjs";
/** A piece of a rendering. */
export type Block = 
/** Who says something, or what happened. */
{
    readonly kind: "title";
    readonly text: string;
    readonly note?: string | undefined;
}
/** Text that its author wrote as Markdown. */
 | {
    readonly kind: "markdown";
    readonly text: string;
}
/** What the agent does, by `exact`, or text to be shown as it is. */
 | {
    readonly kind: "code";
    readonly text: string;
    readonly language: string;
} | {
    readonly kind: "list";
    readonly items: readonly string[];
};
/** What an entry says, for any rendering; empty for one that has nothing to say. */
export declare function blocksOf(entry: Entry): readonly Block[];
/** How long something took, for people. */
export declare function duration(ms: number): string;
/** Those of the words that there are. */
export declare function words(...all: readonly (string | null | undefined)[]): string;
//# sourceMappingURL=blocks.d.ts.map