import { Turn, type WaitOptions } from "../client/turn.js";
import { type Check } from "../util/checks.js";
import type { TurnPart } from "./parts/part.js";
/** How a turn is streamed to a page. */
export interface TurnStreamOptions extends WaitOptions {
    /**
     * What happens to the turn when the stream is cancelled, as it is when the browser disconnects:
     * "continue" lets it run, "interrupt" stops it. Default "continue".
     */
    readonly onCancel?: "continue" | "interrupt" | undefined;
}
export declare const TURN_STREAM_CHECKS: Readonly<Record<keyof TurnStreamOptions, Check>>;
export declare const RESPONSE_CHECKS: Readonly<Record<string, Check>>;
/** Turns the parts of a turn, in order, into what a format sends for them. */
export type Convert<Chunk> = (part: TurnPart) => Iterable<Chunk>;
/** @throws TypeError if it isn't a turn, or an option is wrong. */
export declare function checkTurn(subject: string, turn: unknown, options: object, checks: Readonly<Record<string, Check>>): void;
/** A turn in another format. It is read only as fast as the stream is. */
export declare function turnStream<Chunk>(turn: Turn<unknown>, { signal, timeoutMs, onCancel }: TurnStreamOptions, convert: Convert<Chunk>): ReadableStream<Chunk>;
//# sourceMappingURL=turn-stream.d.ts.map