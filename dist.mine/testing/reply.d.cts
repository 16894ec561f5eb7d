import { type Hold } from "./hold.cjs";
import type { HttpFailure } from "./http-failure.cjs";
import type { Part } from "./part.cjs";
/** A part of a reply: a string is a text message, a hold pauses the reply between two parts. */
export type PartLike = Part | Hold | string;
/** What the model answers to one request. */
export type Reply = PartLike | HttpFailure;
/** Several parts in one response, in this order. */
export declare function reply(...parts: readonly PartLike[]): Part;
//# sourceMappingURL=reply.d.ts.map