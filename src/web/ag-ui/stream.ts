import type { Turn } from "../../client/turn.ts";
import { boolean, type Check, isThing, nonEmpty } from "../../util/checks.ts";
import { type EventStreamOptions, eventStreamResponse } from "../event-stream.ts";
import type { TurnPart } from "../parts/part.ts";
import {
  checkTurn,
  RESPONSE_CHECKS,
  TURN_STREAM_CHECKS,
  type TurnStreamOptions,
  turnStream,
} from "../turn-stream.ts";
import { AGUIConverter } from "./converter.ts";
import type { TurnAGUIEvent } from "./event.ts";
import { inTurn } from "./in-turn.ts";
import { Answers } from "./interrupt.ts";
import { Seen } from "./seen.ts";

export interface AGUIOptions extends TurnStreamOptions {
  /** The `threadId` of the front end's input. Default: the id of the turn's thread. */
  readonly threadId?: string | undefined;
  /** The `runId` of the front end's input. Default: the turn's id. */
  readonly runId?: string | undefined;
  /**
   * Whether pending requests end the run, with the outcome `interrupt`, while the turn waits. Pass `resume` and
   * `messages` to the run that continues the turn. Default false: the run continues when the requests are answered.
   */
  readonly interrupts?: boolean | undefined;
  /**
   * The `resume` of the front end's input: answers to this turn's pending requests, which are sent when the
   * stream is read. Entries that match no pending request have no effect.
   */
  readonly resume?: readonly unknown[] | undefined;
  /**
   * The `messages` of the front end's input; the parts of this turn that they contain aren't sent
   * again.
   */
  readonly messages?: readonly unknown[] | undefined;
}

export interface AGUIResponseOptions extends AGUIOptions, EventStreamOptions {}

const array = isThing("an array", Array.isArray);

const RUN: Readonly<Record<string, Check>> = {
  ...{ threadId: nonEmpty, runId: nonEmpty },
  ...{ interrupts: boolean, resume: array, messages: array },
};

/**
 * Streams the turn as events of the AG-UI protocol, from its start and then live: one run with messages,
 * reasoning, tool calls, activities for the plan and the diff, and custom events (`TurnCustomEvents`). With
 * `interrupts`, a pending request ends the run, and another run continues the turn with the answer. The turn
 * is read only as fast as the stream is. The stream never fails: it closes everything that it has opened,
 * however the turn ends. Cancelling the stream leaves the turn running, unless `onCancel` is "interrupt".
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * const turn = await thread.turn("What does this project do?");
 * for await (const event of toAGUI(turn)) console.log(event.type);
 */
export function toAGUI(
  turn: Turn<unknown>,
  options: AGUIOptions = {},
): ReadableStream<TurnAGUIEvent> {
  checkTurn("toAGUI", turn, options, { ...TURN_STREAM_CHECKS, ...RUN });
  const { threadId = turn.threadId, runId = turn.id, ...rest } = options;
  const { interrupts = false, resume = [], messages = [], ...streaming } = rest;
  const converter = new AGUIConverter({ turnId: turn.id, threadId, runId });
  const seen = new Seen(messages);
  const answers = new Answers(resume, streaming.lastingAnswers);
  return turnStream(
    turn,
    streaming,
    (part) => convertAll(converter, seen.without(inTurn(part, turn.id))),
    {
      answer: (request) => answers.give(request),
      isDue: () => interrupts && converter.interrupts(answers.given).length > 0,
      last: () => converter.interrupt(answers.given),
    },
  );
}

function* convertAll(
  converter: AGUIConverter,
  parts: Iterable<TurnPart>,
): Generator<TurnAGUIEvent> {
  for (const part of parts) yield* converter.convert(part);
}

/**
 * A response for an AG-UI client such as `HttpAgent`: `toAGUI` as server-sent events.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   const turn = await thread.turn(await request.text());
 *   return toAGUIResponse(turn, { keepAliveMs: 5_000 });
 * }
 */
export function toAGUIResponse(turn: Turn<unknown>, options: AGUIResponseOptions = {}): Response {
  checkTurn("toAGUIResponse", turn, options, { ...RESPONSE_CHECKS, ...RUN });
  const { headers, keepAliveMs, ...rest } = options;
  return eventStreamResponse(toAGUI(turn, rest), { headers, keepAliveMs });
}
