import { bounded, GrowingOutput } from "./bounded.ts";
import type { BoundedText, Entry, EntryState } from "./entries.ts";
import { type Foreign, isSame, numberOrNull, text, textOrNull } from "./foreign.ts";
import { itemEntry } from "./item-entry.ts";
import type { TurnEntry } from "./turn-entry.ts";

/**
 * More parts than any reasoning has. An index from the server must not create a list with a billion
 * elements.
 */
const MAX_PARTS = 10_000;

/** The members that show what an item does, and don't change while it runs. */
const SUBJECT = ["type", "command", "server", "tool", "arguments"];
/** The same, and the members that no longer change once the item has ended. */
const SUBJECT_AT_END = [...SUBJECT, "changes"];

/** The texts of an item that the server streams, by the method of their deltas. */
export type StreamMethod =
  | "item/agentMessage/delta"
  | "item/plan/delta"
  | "item/reasoning/summaryTextDelta"
  | "item/reasoning/textDelta"
  | "item/commandExecution/outputDelta";

const TYPE_OF: Readonly<Record<StreamMethod, string>> = {
  "item/agentMessage/delta": "agentMessage",
  "item/plan/delta": "plan",
  "item/reasoning/summaryTextDelta": "reasoning",
  "item/reasoning/textDelta": "reasoning",
  "item/commandExecution/outputDelta": "commandExecution",
};

/** The type of the items that have deltas of this method. */
export function typeOf(method: StreamMethod): string {
  return TYPE_OF[method];
}

/** One item of a turn, from its start to its completion. */
export class ItemModel implements TurnEntry {
  readonly id: string;
  readonly begun: number;
  startedAt: number | null = null;
  ended: number = Number.POSITIVE_INFINITY;
  #item: Foreign;
  #endedAt: number | null = null;
  #incomplete: boolean;
  #isDone = false;
  #isTorn = false;
  #text = "";
  #summary: string[] = [];
  #raw: string[] = [];
  #output: GrowingOutput | undefined;
  #wholeOutput: BoundedText | undefined;
  #progress: string | null = null;
  #wasOver = false;
  #view: Entry | undefined;

  /** `isWhole`: whether the item was seen from its start, which was at `startedAt`. */
  constructor(
    id: string,
    begun: number,
    item: Foreign,
    isWhole: boolean,
    startedAt: number | null,
  ) {
    this.id = id;
    this.begun = begun;
    this.#item = item;
    this.#incomplete = !isWhole;
    this.#take(item);
    this.startedAt ??= startedAt;
  }

  /** The item as it was seen, with the text so far. */
  get seen(): Foreign {
    return this.#item.type === "agentMessage" ? { ...this.#item, text: this.#text } : this.#item;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether the item has ended, and an item with its id that starts at this time is a different one. */
  isBefore(startedAt: number | null): boolean {
    if (!this.#isDone || this.startedAt === null || startedAt === null) return false;
    return startedAt > this.startedAt;
  }

  /** Whether `item`, which has the same id, is a different action. */
  isOther(item: Foreign): boolean {
    const subject = this.#isDone ? SUBJECT_AT_END : SUBJECT;
    return subject.some((name) => this.#differs(item, name));
  }

  #differs(item: Foreign, name: string): boolean {
    // A null member doesn't show a difference.
    const [own, other] = [this.#item[name], item[name] ?? undefined];
    return own !== undefined && other !== undefined && !isSame(own, other);
  }

  /** Completes the item: its content replaces the streamed text. */
  complete(item: Foreign, endedAt: number | null): void {
    this.#take(item);
    this.#isDone = true;
    this.#incomplete = false;
    this.startedAt ??= numberOrNull(item.startedAtMs);
    this.#endedAt = numberOrNull(item.completedAtMs) ?? endedAt;
    this.#progress = null;
  }

  /** Notes that some of the item's deltas may have been lost: later ones don't continue its text. */
  tear(): void {
    if (this.#isDone || this.#isTorn) return;
    this.#isTorn = true;
    this.#incomplete = true;
    this.#view = undefined;
  }

  /** Adds a delta to the item's text. Returns false if that changes nothing. */
  append(method: StreamMethod, delta: string, index: unknown): boolean {
    if (this.#isDone || this.#isTorn || delta === "") return false;
    switch (method) {
      case "item/agentMessage/delta":
      case "item/plan/delta":
        this.#text += delta;
        break;
      case "item/reasoning/summaryTextDelta":
        if (!addTo(this.#summary, index, delta)) return false;
        break;
      case "item/reasoning/textDelta":
        if (!addTo(this.#raw, index, delta)) return false;
        break;
      default:
        this.#output ??= new GrowingOutput();
        this.#output.append(delta);
        this.#wholeOutput = undefined;
    }
    this.#view = undefined;
    return true;
  }

  /** Replaces members of an uncompleted item. Returns false if that changes nothing. */
  update(members: Foreign): boolean {
    if (this.#isDone || isSame({ ...this.#item, ...members }, this.#item)) return false;
    this.#item = { ...this.#item, ...members };
    this.#view = undefined;
    return true;
  }

  /** Sets the progress message. Returns false if that changes nothing. */
  setProgress(message: string): boolean {
    if (this.#isDone || this.#progress === message) return false;
    this.#progress = message;
    this.#view = undefined;
    return true;
  }

  /** Whether the item is shown: a message without content, such as the first one of a review, isn't. */
  isShown(turnIsOver: boolean): boolean {
    if (this.#isDone || !turnIsOver) return true;
    const { type } = this.#item;
    if (type === "agentMessage" || type === "plan") return this.#text !== "";
    return type !== "reasoning" || this.#summary.length + this.#raw.length > 0;
  }

  view(turnIsOver: boolean): Entry {
    if (this.#view && (this.#isDone || this.#wasOver === turnIsOver)) return this.#view;
    this.#wasOver = turnIsOver;
    this.#wholeOutput ??= this.#output?.view ?? bounded("");
    this.#view = itemEntry({
      base: {
        id: this.id,
        state: this.#state(turnIsOver),
        startedAt: this.startedAt,
        endedAt: this.#endedAt,
        incomplete: this.#incomplete,
      },
      item: this.#item,
      text: this.#text,
      summary: [...this.#summary],
      raw: [...this.#raw],
      output: this.#wholeOutput,
      progress: this.#progress,
    });
    if (this.#isDone) this.#release();
    return this.#view;
  }

  #state(turnIsOver: boolean): EntryState {
    if (!this.#isDone) return turnIsOver ? "interrupted" : "running";
    const { status } = this.#item;
    return status === "failed" || status === "declined" || status === "interrupted"
      ? status
      : "completed";
  }

  #take(item: Foreign): void {
    this.#item = item;
    this.startedAt ??= numberOrNull(item.startedAtMs);
    this.#text = textOrNull(item.text) ?? this.#text;
    if (item.type === "reasoning") {
      if (Array.isArray(item.summary)) this.#summary = parts(item.summary);
      if (Array.isArray(item.content)) this.#raw = parts(item.content);
    }
    if (typeof item.aggregatedOutput === "string") {
      this.#output = new GrowingOutput();
      this.#output.append(item.aggregatedOutput);
      this.#wholeOutput = undefined;
    }
    this.#view = undefined;
  }

  /** Frees what the view already contains. */
  #release(): void {
    this.#item = Object.fromEntries(SUBJECT_AT_END.map((name) => [name, this.#item[name]]));
    this.#text = "";
    this.#summary = [];
    this.#raw = [];
    this.#output = undefined;
    this.#wholeOutput = undefined;
  }
}

function parts(value: readonly unknown[]): string[] {
  return value.slice(0, MAX_PARTS).map(text);
}

/** Adds a delta to one of the parts. Returns false for an index that no part has. */
function addTo(all: string[], index: unknown, delta: string): boolean {
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= MAX_PARTS)
    return false;
  while (all.length <= index) all.push("");
  all[index] += delta;
  return true;
}
