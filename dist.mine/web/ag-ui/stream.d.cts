import type { Turn } from "../../client/turn.cjs";
import { type EventStreamOptions } from "../event-stream.cjs";
import { type TurnStreamOptions } from "../turn-stream.cjs";
import type { TurnAGUIEvent } from "./event.cjs";
export interface AGUIOptions extends TurnStreamOptions {
    /** The `threadId` of the front end's input. Default: the turn's. */
    readonly threadId?: string | undefined;
    /** The `runId` of the front end's input. Default: the turn's id. */
    readonly runId?: string | undefined;
}
export interface AGUIResponseOptions extends AGUIOptions, EventStreamOptions {
}
/**
 * The turn as events of the AG-UI protocol, from its start and live: one run with messages, reasoning,
 * tool calls, activities for the plan and the diff, and custom events (`TurnCustomEvents`). The turn
 * is read only as fast as the stream is. The stream never fails: what was started is ended, however
 * the turn ends. Cancelling the stream leaves the turn running, unless `onCancel` is "interrupt".
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const turn = await thread.turn("What does this project do?");
 * for await (const event of toAGUI(turn)) console.log(event.type);
 */
export declare function toAGUI(turn: Turn<unknown>, options?: AGUIOptions): ReadableStream<TurnAGUIEvent>;
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
export declare function toAGUIResponse(turn: Turn<unknown>, options?: AGUIResponseOptions): Response;
//# sourceMappingURL=stream.d.ts.map