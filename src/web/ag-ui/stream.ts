import type { Turn } from "../../client/turn.ts";
import { type Check, nonEmpty } from "../../util/checks.ts";
import { type EventStreamOptions, eventStreamResponse } from "../event-stream.ts";
import {
  checkTurn,
  RESPONSE_CHECKS,
  TURN_STREAM_CHECKS,
  type TurnStreamOptions,
  turnStream,
} from "../turn-stream.ts";
import { AGUIConverter } from "./converter.ts";
import type { TurnAGUIEvent } from "./event.ts";

export interface AGUIOptions extends TurnStreamOptions {
  /** The `threadId` of the front end's input. Default: the id of the turn's thread. */
  readonly threadId?: string | undefined;
  /** The `runId` of the front end's input. Default: the turn's id. */
  readonly runId?: string | undefined;
}

export interface AGUIResponseOptions extends AGUIOptions, EventStreamOptions {}

const IDS: Readonly<Record<string, Check>> = { threadId: nonEmpty, runId: nonEmpty };

/**
 * Streams the turn as events of the AG-UI protocol, from its start and live: one run with messages, reasoning,
 * tool calls, activities for the plan and the diff, and custom events (`TurnCustomEvents`). The turn
 * is read only as fast as the stream is. The stream never fails: everything that was opened is closed,
 * however the turn ends. Cancelling the stream leaves the turn running, unless `onCancel` is "interrupt".
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const turn = await thread.turn("What does this project do?");
 * for await (const event of toAGUI(turn)) console.log(event.type);
 */
export function toAGUI(
  turn: Turn<unknown>,
  options: AGUIOptions = {},
): ReadableStream<TurnAGUIEvent> {
  checkTurn("toAGUI", turn, options, { ...TURN_STREAM_CHECKS, ...IDS });
  const { threadId = turn.threadId, runId = turn.id, ...streaming } = options;
  const converter = new AGUIConverter({ threadId, runId });
  return turnStream(turn, streaming, (part) => converter.convert(part));
}

/**
 * A response for an AG-UI client such as `HttpAgent`: `toAGUI` as server-sent events.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   const turn = await thread.turn(await request.text());
 *   return toAGUIResponse(turn, { keepAliveMs: 5_000 });
 * }
 */
export function toAGUIResponse(turn: Turn<unknown>, options: AGUIResponseOptions = {}): Response {
  checkTurn("toAGUIResponse", turn, options, { ...RESPONSE_CHECKS, ...IDS });
  const { headers, keepAliveMs, ...rest } = options;
  return eventStreamResponse(toAGUI(turn, rest), { headers, keepAliveMs });
}
