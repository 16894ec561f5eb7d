/** Where a client did something else than in the recording. */
export type Divergence = 
/** It sent the message, but with other content. */
{
    readonly kind: "different";
    /** Such as "the request turn/start". */
    readonly what: string;
    /** Such as "params.input[0].text". */
    readonly path: string;
    readonly recorded: unknown;
    readonly actual: unknown;
}
/** It sent a message that the recording doesn't have, or not so often. */
 | {
    readonly kind: "unexpected";
    readonly what: string;
    readonly actual: unknown;
}
/** It didn't send a message that the recording has. */
 | {
    readonly kind: "missing";
    readonly what: string;
    readonly recorded: unknown;
};
/** A divergence as a line. */
export declare function describeDivergence(divergence: Divergence): string;
//# sourceMappingURL=divergence.d.ts.map