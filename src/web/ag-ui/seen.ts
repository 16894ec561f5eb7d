import { records } from "../../timeline/foreign.ts";
import type { TurnPart } from "../parts/part.ts";

type PartOf<Type extends TurnPart["type"]> = TurnPart & { readonly type: Type };

/** A text that the front end has, and how much of it has been read again. */
interface SeenText {
  readonly start: PartOf<"textStart">;
  /** The end of the front end's text, which hasn't been read again. */
  rest: string;
  /** `differs`: the front end has another text, which can't be corrected. */
  state: "seen" | "continues" | "differs";
}

/**
 * Removes from a turn what the front end already has: a run that continues the turn reads it from
 * its start.
 */
export class Seen {
  readonly #texts = new Map<string, string>();
  readonly #calls = new Set<string>();
  readonly #results = new Set<string>();
  readonly #open = new Map<string, SeenText>();

  /** `messages`: the front end's messages, which can be anything. */
  constructor(messages: readonly unknown[]) {
    for (const { id, role, content, toolCalls, toolCallId } of records(messages)) {
      if (typeof id === "string" && typeof content === "string") this.#texts.set(id, content);
      if (role === "tool" && typeof toolCallId === "string") this.#results.add(toolCallId);
      for (const call of records(toolCalls)) {
        if (typeof call.id === "string") this.#calls.add(call.id);
      }
    }
  }

  *without(part: TurnPart): Generator<TurnPart> {
    switch (part.type) {
      case "textStart":
        yield* this.#startText(part);
        return;
      case "textDelta":
        yield* this.#append(part);
        return;
      case "textEnd": {
        const text = this.#open.get(part.id);
        this.#open.delete(part.id);
        if (!text || text.state === "continues") yield part;
        return;
      }
      case "callStart":
      case "callInput":
        if (!this.#calls.has(part.id)) yield part;
        return;
      case "callEnd":
        if (!this.#results.has(part.id)) yield part;
        return;
      case "userMessage":
        if (!this.#texts.has(part.id)) yield part;
        return;
      default:
        yield part;
    }
  }

  *#startText(start: PartOf<"textStart">): Generator<TurnPart> {
    const rest = this.#texts.get(start.id);
    if (rest === undefined) yield start;
    else this.#open.set(start.id, { start, rest, state: "seen" });
  }

  *#append(part: PartOf<"textDelta">): Generator<TurnPart> {
    const text = this.#open.get(part.id);
    if (!text || text.state === "continues") {
      yield part;
      return;
    }
    if (text.state === "differs") return;
    const { start, rest } = text;
    if (rest.startsWith(part.delta)) {
      text.rest = rest.slice(part.delta.length);
    } else if (part.delta.startsWith(rest)) {
      text.state = "continues";
      yield start;
      yield { ...part, delta: part.delta.slice(rest.length) };
    } else {
      text.state = "differs";
    }
  }
}
