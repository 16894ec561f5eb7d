import type { Entry } from "../../timeline/entries.ts";
import { type Foreign, isSame } from "../../timeline/foreign.ts";
import { ItemModel, type StreamMethod } from "../../timeline/item-model.ts";
import type { Phase, TextKind, TurnPart } from "./part.ts";
import type { OpenCall } from "./requests.ts";
import { StreamedTexts, type TextPlace } from "./streamed-texts.ts";
import { type ToolCall, toolCall } from "./tool-call.ts";

const KINDS: Readonly<Partial<Record<StreamMethod, TextKind>>> = {
  "item/agentMessage/delta": "message",
  "item/plan/delta": "plan",
  "item/reasoning/summaryTextDelta": "reasoningSummary",
  "item/reasoning/textDelta": "reasoning",
};

/**
 * A command's output is always sent whole, so it is sent again only when at least this share is
 * new.
 */
const NEW_SHARE = 1 / 8;
/** The approximate maximum number of an output's characters in an entry of the timeline. */
const MAX_SENT = 64 * 1024;

/** URLs that are passed on: the model writes them, and pages turn them into links. */
const WEB = /^https?:\/\//i;

const NO_CALL: ToolCall = { name: "", input: {}, output: {}, error: undefined, media: [] };

/** One item of a turn from its start to its end, as parts. */
export class OpenItem {
  readonly id: string;
  readonly #model: ItemModel;
  readonly #texts = new StreamedTexts();
  readonly #isActivity: boolean;
  #phase: Phase = null;
  #isCall = false;
  #isChanged = false;
  #name = "";
  #input: unknown;
  #outputLength = 0;
  #sentLength = 0;

  constructor(id: string, item: Foreign, startedAt: number | null) {
    this.id = id;
    this.#model = new ItemModel(id, 0, item, true, startedAt);
    // What a sub-agent did isn't a call of this turn's agent.
    this.#isActivity = item.type === "subAgentActivity";
  }

  /** The item as a call; undefined if it isn't a tool call. */
  get call(): OpenCall | undefined {
    if (!this.#isCall) return undefined;
    return { id: this.id, kind: this.#model.view(false).kind, isChanged: this.#isChanged };
  }

  /** Whether `item`, which has the same id, is a different action. */
  isOther(item: Foreign): boolean {
    return this.#model.isOther(item);
  }

  *start(): Generator<TurnPart> {
    const entry = this.#model.view(false);
    if (entry.kind === "assistant") this.#phase = entry.phase;
    for (const [place, text] of this.#placesOf(entry)) {
      yield* this.#texts.append(place, text, this.#phase);
    }
    const call = this.#callOf(entry);
    if (call) yield* this.#startCall(call);
    else yield* asEntry(entry);
  }

  *append(method: StreamMethod, delta: string, index: unknown): Generator<TurnPart> {
    if (!this.#model.append(method, delta, index)) return;
    const kind = KINDS[method];
    if (kind) yield* this.#texts.append(this.#place(kind, index), delta, this.#phase);
    else yield* this.#grow(delta.length);
  }

  /** Replaces members of the item. */
  *update(members: Foreign): Generator<TurnPart> {
    if (!this.#model.update(members)) return;
    this.#isChanged = true;
    const call = this.#callOf(this.#model.view(false));
    if (call) yield* this.#setInput(call);
  }

  *progress(message: string): Generator<TurnPart> {
    if (!this.#isCall || !this.#model.setProgress(message)) return;
    yield { type: "callProgress", id: this.id, output: { progress: message } };
  }

  *complete(item: Foreign, endedAt: number | null): Generator<TurnPart> {
    this.#model.complete(item, endedAt);
    const entry = this.#model.view(false);
    if (entry.kind === "assistant") this.#phase = entry.phase;
    for (const [place, text] of this.#placesOf(entry)) {
      yield* this.#texts.complete(place, text, this.#phase);
    }
    yield* this.#texts.cut();
    const call = this.#callOf(entry);
    if (call) yield* this.#endCall(call, entry);
    else {
      // The item has become something else.
      if (this.#isCall) yield* this.#endCall({ ...NO_CALL, name: this.#name }, entry);
      yield* asEntry(entry);
    }
    if (entry.kind === "webSearch" && entry.url !== null && WEB.test(entry.url)) {
      yield { type: "source", id: this.id, url: entry.url };
    }
  }

  /** Ends the item, because its turn has ended before it did. */
  *cut(): Generator<TurnPart> {
    yield* this.#texts.cut();
    const entry = this.#model.view(true);
    const call = this.#callOf(entry);
    if (call) yield* this.#endCall(call, entry);
    else yield* asEntry(entry);
  }

  *#grow(length: number): Generator<TurnPart> {
    this.#outputLength += length;
    const fresh = this.#outputLength - this.#sentLength;
    if (!this.#isCall || fresh < Math.min(this.#outputLength, MAX_SENT) * NEW_SHARE) return;
    const call = this.#callOf(this.#model.view(false));
    if (!call) return;
    this.#sentLength = this.#outputLength;
    yield { type: "callProgress", id: this.id, output: call.output };
  }

  *#startCall(call: ToolCall): Generator<TurnPart> {
    this.#isCall = true;
    this.#name = call.name;
    yield { type: "callStart", id: this.id, name: call.name };
    yield* this.#setInput(call);
  }

  *#setInput({ name, input }: ToolCall): Generator<TurnPart> {
    if (input === undefined || isSame(input, this.#input)) return;
    this.#input = input;
    yield { type: "callInput", id: this.id, name, input };
  }

  *#endCall(call: ToolCall, { state }: Entry): Generator<TurnPart> {
    if (!this.#isCall) yield* this.#startCall(call);
    yield* this.#setInput({ ...call, input: call.input ?? {} });
    const { output, media } = call;
    yield { type: "callEnd", id: this.id, ...endingOf(call, state), output, media };
  }

  #callOf(entry: Entry): ToolCall | undefined {
    return this.#isActivity ? undefined : toolCall(entry);
  }

  #placesOf(entry: Entry): readonly (readonly [TextPlace, string])[] {
    switch (entry.kind) {
      case "assistant":
        return [[this.#place("message", 0), entry.text]];
      case "plan":
        return [[this.#place("plan", 0), entry.text]];
      case "reasoning":
        return [
          ...entry.summary.map((text, index) => at(this.#place("reasoningSummary", index), text)),
          ...entry.raw.map((text, index) => at(this.#place("reasoning", index), text)),
        ];
      default:
        return [];
    }
  }

  #place(kind: TextKind, index: unknown): TextPlace {
    switch (kind) {
      case "reasoningSummary":
        return { kind, id: `${this.id}:summary:${index}` };
      case "reasoning":
        return { kind, id: `${this.id}:reasoning:${index}` };
      default:
        return { kind, id: this.id };
    }
  }
}

function at(place: TextPlace, text: string): readonly [TextPlace, string] {
  return [place, text];
}

/** The parts of an item that is neither a text nor a call. */
function* asEntry(entry: Entry): Generator<TurnPart> {
  const isText = entry.kind === "assistant" || entry.kind === "plan" || entry.kind === "reasoning";
  if (!isText && entry.kind !== "userMessage") yield { type: "entry", entry };
}

function endingOf({ error }: ToolCall, state: Entry["state"]) {
  if (error !== undefined) return { state: "failed", error } as const;
  if (state === "declined") return { state, error: "The call was declined" } as const;
  if (state !== "interrupted" && state !== "running") {
    return { state: "completed", error: "" } as const;
  }
  return { state: "interrupted", error: "The turn ended before the call did" } as const;
}
