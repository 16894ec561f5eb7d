import type { Hold } from "./hold.cjs";
/** One event of the Responses API stream. */
export interface ModelEvent {
    readonly type: string;
    readonly [field: string]: unknown;
}
/** An event, raw bytes of the event stream, or a point at which to pause. */
export type Step = ModelEvent | string | Hold;
/** A piece of a reply. Your own can yield any steps; they are requested only as fast as they are sent. */
export interface Part {
    steps(draft: Draft): Iterable<Step>;
}
/** The tokens of one response, named as in the protocol's token usage. */
export interface Usage {
    /** Default 10. Includes the cached ones. */
    readonly inputTokens?: number;
    /** Default 0. */
    readonly cachedInputTokens?: number;
    /** Default 5. Includes those of the reasoning. */
    readonly outputTokens?: number;
    /** Default 0. */
    readonly reasoningOutputTokens?: number;
}
/** The response that the parts of a reply build together. */
export declare class Draft {
    #private;
    readonly id: string;
    usage: Usage;
    /** How the stream ends: with `response.completed`, without it, or with the socket destroyed. */
    ending: "completed" | "unfinished" | "cut";
    /** The `output_index` of the next output item. */
    nextOutput(): number;
}
/** An id that no other response has. */
export declare function newId(prefix: string): string;
/** Sends these steps, for cases without a builder. */
export declare function events(...steps: readonly Step[]): Part;
/** Reports the tokens of the response; without it 10 input and 5 output tokens. */
export declare function usage(tokens: Usage): Part;
//# sourceMappingURL=part.d.ts.map