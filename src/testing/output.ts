import { delay, type Hold } from "./hold.ts";
import { newId, type Part, type Step } from "./part.ts";

/**
 * The text to stream: one delta, or several with gates between them. The iterable can be a generator
 * that never ends.
 */
export type Deltas = string | Iterable<string | Hold>;

export interface TextOptions {
  /** The phase of the message. Default: none. */
  readonly phase?: "commentary" | "final_answer";
  /** Pause between two deltas, in milliseconds. Default: none. */
  readonly delayMs?: number;
}

export interface ReasoningOptions {
  /** The reasoning itself, which most models don't reveal. */
  readonly raw?: Deltas;
  /** Pause between two deltas, in milliseconds. Default: none. */
  readonly delayMs?: number;
}

/** An assistant message. */
export function text(deltas: Deltas, options: TextOptions = {}): Part {
  const { phase, delayMs } = options;
  return {
    *steps(draft) {
      const place = { item_id: newId("msg"), output_index: draft.nextOutput() };
      const item = (content: readonly object[]) => ({
        type: "message",
        role: "assistant",
        id: place.item_id,
        ...(phase === undefined ? {} : { phase }),
        content,
      });
      yield outputItem("added", place.output_index, item([]));
      const full = yield* stream(deltas, delayMs, (delta) => ({
        type: "response.output_text.delta",
        ...place,
        content_index: 0,
        delta,
      }));
      yield outputItem("done", place.output_index, item([{ type: "output_text", text: full }]));
    },
  };
}

/** A reasoning item with one summary section. */
export function reasoning(summary: Deltas, options: ReasoningOptions = {}): Part {
  const { raw, delayMs } = options;
  return {
    *steps(draft) {
      const place = { item_id: newId("rs"), output_index: draft.nextOutput() };
      const item = (summaries: readonly object[], contents: readonly object[]) => ({
        type: "reasoning",
        id: place.item_id,
        summary: summaries,
        content: contents,
        encrypted_content: null,
      });
      yield outputItem("added", place.output_index, item([], []));
      yield { type: "response.reasoning_summary_part.added", ...place, summary_index: 0 };
      const summarised = yield* stream(summary, delayMs, (delta) => ({
        type: "response.reasoning_summary_text.delta",
        ...place,
        summary_index: 0,
        delta,
      }));
      const thought = yield* stream(raw ?? [], delayMs, (delta) => ({
        type: "response.reasoning_text.delta",
        ...place,
        content_index: 0,
        delta,
      }));
      yield outputItem(
        "done",
        place.output_index,
        item(
          [{ type: "summary_text", text: summarised }],
          raw === undefined ? [] : [{ type: "reasoning_text", text: thought }],
        ),
      );
    },
  };
}

export function outputItem(state: "added" | "done", index: number, item: object): Step {
  return { type: `response.output_item.${state}`, output_index: index, item };
}

/** Yields an event for each delta and returns the whole text. */
function* stream(
  deltas: Deltas,
  delayMs: number | undefined,
  event: (delta: string) => Step,
): Generator<Step, string> {
  let full = "";
  for (const delta of typeof deltas === "string" ? [deltas] : deltas) {
    if (typeof delta !== "string") {
      yield delta;
      continue;
    }
    if (delayMs !== undefined && full !== "") yield delay(delayMs);
    yield event(delta);
    full += delta;
  }
  return full;
}
