import type { Turn } from "../../client/turn.ts";
import { type EventStreamOptions, eventStreamResponse } from "../event-stream.ts";
import {
  checkTurn,
  RESPONSE_CHECKS,
  TURN_STREAM_CHECKS,
  type TurnStreamOptions,
  turnStream,
} from "../turn-stream.ts";
import type { TurnUIMessageChunk } from "./chunk.ts";
import { UIMessageConverter } from "./converter.ts";

export interface UIMessageStreamResponseOptions extends TurnStreamOptions, EventStreamOptions {}

/**
 * Streams the turn as a UI message stream of the AI SDK (`ai` 7), from its start and then live: one assistant
 * message with text, reasoning, tool calls, approvals, and data parts (`TurnData`). The turn is read
 * only as fast as the stream is. The stream never fails: every part that was opened is closed,
 * however the turn ends. Cancelling the stream leaves the turn running, unless `onCancel` is "interrupt".
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * const turn = await thread.turn("What does this project do?");
 * for await (const chunk of toUIMessageStream(turn)) console.log(chunk.type);
 */
export function toUIMessageStream(
  turn: Turn<unknown>,
  options: TurnStreamOptions = {},
): ReadableStream<TurnUIMessageChunk> {
  checkTurn("toUIMessageStream", turn, options, TURN_STREAM_CHECKS);
  const converter = new UIMessageConverter(turn);
  return turnStream(turn, options, (part) => converter.convert(part));
}

/**
 * A response for `useChat` of the AI SDK: `toUIMessageStream` as server-sent events.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   return toUIMessageStreamResponse(await thread.turn(await request.text()));
 * }
 */
export function toUIMessageStreamResponse(
  turn: Turn<unknown>,
  options: UIMessageStreamResponseOptions = {},
): Response {
  checkTurn("toUIMessageStreamResponse", turn, options, RESPONSE_CHECKS);
  const { headers, keepAliveMs, ...streaming } = options;
  return eventStreamResponse(toUIMessageStream(turn, streaming), { headers, keepAliveMs }, FORMAT);
}

const FORMAT = { headers: { "x-vercel-ai-ui-message-stream": "v1" }, last: "[DONE]" };
