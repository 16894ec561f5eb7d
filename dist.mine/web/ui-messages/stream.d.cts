import type { Turn } from "../../client/turn.cjs";
import { type EventStreamOptions } from "../event-stream.cjs";
import { type TurnStreamOptions } from "../turn-stream.cjs";
import type { TurnUIMessageChunk } from "./chunk.cjs";
export interface UIMessageStreamResponseOptions extends TurnStreamOptions, EventStreamOptions {
}
/**
 * The turn as a UI message stream of the AI SDK (`ai` 7), from its start and live: one assistant
 * message with text, reasoning, tool calls, approvals, and data parts (`TurnData`). The turn is read
 * only as fast as the stream is. The stream never fails: each part that was started is ended, however
 * the turn ends. Cancelling the stream leaves the turn running, unless `onCancel` is "interrupt".
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const turn = await thread.turn("What does this project do?");
 * for await (const chunk of toUIMessageStream(turn)) console.log(chunk.type);
 */
export declare function toUIMessageStream(turn: Turn<unknown>, options?: TurnStreamOptions): ReadableStream<TurnUIMessageChunk>;
/**
 * A response for `useChat` of the AI SDK: `toUIMessageStream` as server-sent events.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   return toUIMessageStreamResponse(await thread.turn(await request.text()));
 * }
 */
export declare function toUIMessageStreamResponse(turn: Turn<unknown>, options?: UIMessageStreamResponseOptions): Response;
//# sourceMappingURL=stream.d.ts.map