import type { Phase, TextKind, TurnPart } from "./part.ts";

/** One of an item's texts: a message has one, reasoning has several. */
export interface TextPlace {
  readonly id: string;
  readonly kind: TextKind;
}

/** The texts of one item, which are streamed and then repeated as a whole. */
export class StreamedTexts {
  /** The texts that were started, each with what was sent so far. */
  readonly #sent = new Map<string, string>();

  *append({ id, kind }: TextPlace, delta: string, phase: Phase = null): Generator<TurnPart> {
    if (delta === "") return;
    const sent = this.#sent.get(id);
    if (sent === undefined) yield { type: "textStart", id, kind, phase };
    yield { type: "textDelta", id, delta };
    this.#sent.set(id, (sent ?? "") + delta);
  }

  /** Completes a text. If the whole text doesn't continue what was sent, it follows as another text. */
  *complete(place: TextPlace, whole: string, phase: Phase = null): Generator<TurnPart> {
    const sent = this.#sent.get(place.id) ?? "";
    if (whole.startsWith(sent)) {
      yield* this.append(place, whole.slice(sent.length), phase);
      yield* this.#end(place.id, false);
      return;
    }
    yield* this.#end(place.id, true);
    const replacement = { ...place, id: `${place.id}:complete` };
    yield* this.append(replacement, whole, phase);
    yield* this.#end(replacement.id, false);
  }

  /** Ends all open texts as incomplete. */
  *cut(): Generator<TurnPart> {
    for (const id of [...this.#sent.keys()]) yield* this.#end(id, true);
  }

  *#end(id: string, incomplete: boolean): Generator<TurnPart> {
    if (this.#sent.delete(id)) yield { type: "textEnd", id, incomplete };
  }
}
