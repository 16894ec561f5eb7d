import type { Entry } from "./entries.ts";
import { errorView } from "./errors.ts";
import { type Foreign, isSame, numberOrNull, text } from "./foreign.ts";
import { ItemIds } from "./item-ids.ts";
import { ItemModel, type StreamMethod, typeOf } from "./item-model.ts";
import { Note, type NoteContent } from "./note.ts";
import { sharedList, sharedView } from "./sharing.ts";
import { inOrder, type TurnEntry } from "./turn-entry.ts";
import { minus } from "./usage.ts";
import type { ErrorView, TokenUsage, TurnState, TurnView } from "./views.ts";

const STATES: ReadonlyMap<unknown, TurnState> = new Map([
  ["inProgress", "running"],
  ["completed", "completed"],
  ["failed", "failed"],
  ["interrupted", "interrupted"],
]);

/** A state replaces only less certain ones: the history also lists a turn without a stored end as interrupted. */
const CERTAINTY: Readonly<Record<TurnState, number>> = {
  ...{ running: 0, interrupted: 1, completed: 2, failed: 2 },
};

/** One turn of a thread, from any mix of notifications and history. */
export class TurnModel {
  readonly id: string;
  /** The turn that this one is part of: a review consists of two turns. */
  rootId: string | undefined;
  readonly #entries = new Map<string, TurnEntry>();
  readonly #ids: ItemIds;
  #order: readonly TurnEntry[] | undefined;
  #count = 0;
  #ends = 0;
  #state: TurnState = "running";
  #wasSeenToStart = false;
  #startedAt: number | null = null;
  #endedAt: number | null = null;
  #durationMs: number | null = null;
  #error: ErrorView | null = null;
  #usage: TokenUsage | null = null;
  #usedBefore: TokenUsage | undefined;
  #diff: string | null = null;
  /** The entry for the error after which the server is retrying. */
  #retrying: string | undefined;
  #retries = 0;
  /** The item that the last delta belonged to, and its entry. */
  #last: { readonly itemId: string; readonly entry: ItemModel | undefined } | undefined;
  /** Whether entries were lost that haven't been replaced yet. */
  hasGap = false;
  #view: TurnView | undefined;
  #lastView: TurnView | undefined;

  constructor(id: string) {
    this.id = id;
    // The ids of notes begin with the turn's.
    this.#ids = new ItemIds((entry) => this.#entries.has(entry), `${id}:`);
  }

  get isOver(): boolean {
    return this.#state !== "running";
  }

  /** Whether the turn's end in the history matches its known end. */
  isAsIn(turn: Foreign): boolean {
    return this.isOver && STATES.get(turn.status) === this.#state;
  }

  get startedAt(): number | null {
    return this.#startedAt;
  }

  /** Applies what the server reports about the turn, except its items. */
  inform(turn: Foreign): void {
    const state = STATES.get(turn.status);
    // The history may have been read before the server stored the turn's end, but arrive after that end.
    if (state === undefined || CERTAINTY[state] < CERTAINTY[this.#state]) return;
    this.#state = state;
    this.#startedAt ??= milliseconds(turn.startedAt);
    this.#endedAt = milliseconds(turn.completedAt) ?? this.#endedAt;
    this.#durationMs = numberOrNull(turn.durationMs) ?? this.#durationMs;
    const error = errorView(turn.error);
    if (error) this.fail(error);
    if (this.isOver) this.endRetry();
    if (typeof turn.rootTurnId === "string") this.rootId = turn.rootTurnId;
    this.#view = undefined;
  }

  /** Notes that the turn has failed with this error, or is about to. */
  fail(error: ErrorView): void {
    this.#error = error;
    // The final error's message repeats the earlier ones.
    if (this.#retrying !== undefined && this.#entries.delete(this.#retrying)) this.#changed();
    this.#retrying = undefined;
    const fields = { kind: "error", ...error, willRetry: false } as const;
    const content = { fields, state: "failed", startedAt: null, endedAt: this.#endedAt } as const;
    this.note(`${this.id}:error`, content);
    // The error stays below entries that arrive late.
    const entry = this.#entries.get(`${this.id}:error`);
    if (entry) entry.ended = Number.POSITIVE_INFINITY;
  }

  /** Notes that the notification of the turn's start has arrived. */
  seenToStart(): void {
    if (!this.isOver && this.#entries.size === 0) this.#wasSeenToStart = true;
  }

  // — Items

  /** The items as they were seen, in the order in which they appeared. */
  get items(): readonly Foreign[] {
    return itemsOf(this.#entries.values());
  }

  startItem(item: Foreign, startedAt: number | null): void {
    this.endRetry();
    const id = idOf(item);
    if (id === undefined) return;
    const known = this.#item(id);
    if (known?.isBefore(numberOrNull(item.startedAtMs) ?? startedAt)) {
      // The model can use the id of a call again.
      this.#ids.separate(id);
      this.#last = undefined;
    } else if (known) return;
    this.#add(new ItemModel(this.#ids.of(id), this.#count, item, true, startedAt));
  }

  /**
   * Ends an item that the server reports as ended. Of simultaneous calls with the same id, the
   * server may have announced only the first.
   */
  endItem(item: Foreign, endedAt: number | null): void {
    const id = idOf(item);
    const known = id === undefined || this.hasGap ? undefined : this.#item(id);
    if (id === undefined || !known?.isOther(item)) this.completeItem(item, endedAt);
    else if (known.isDone)
      this.#end(this.#unannounced(item, this.#ids.separate(id)), item, endedAt);
    else this.#end(this.#unannounced(item, this.#ids.another(id)), item, endedAt);
  }

  completeItem(item: Foreign, endedAt: number | null): void {
    const id = idOf(item);
    if (id === undefined) return;
    const known = this.#item(id) ?? this.#unannounced(item, this.#ids.of(id));
    if (!known.isDone) this.#end(known, item, endedAt);
  }

  #end(known: ItemModel, item: Foreign, endedAt: number | null): void {
    known.complete(item, endedAt);
    known.ended = this.#ends++;
    this.#changed();
  }

  /** Adds a completed item from the history, which has only the last of several items with the same id. */
  mergeItem(item: Foreign, { isOver }: { readonly isOver: boolean }): void {
    const id = text(item.id);
    const known = this.#item(id);
    const isEarlier = known && !known.isDone && (this.#ids.isMade(id) || known.isOther(item));
    if (isOver || !isEarlier) this.completeItem(item, null);
  }

  append(method: StreamMethod, itemId: string, delta: string, index: unknown): void {
    if (this.isOver) return;
    if (this.#last?.itemId !== itemId)
      this.#last = { itemId, entry: this.#streamed(method, itemId) };
    const { entry } = this.#last;
    if (this.#retrying !== undefined) this.endRetry();
    if (entry?.append(method, delta, index)) this.#view = undefined;
  }

  /** Replaces members of an item that hasn't ended. */
  updateItem(itemId: string, members: Foreign): void {
    if (this.#item(itemId)?.update(members)) this.#view = undefined;
  }

  progress(itemId: string, message: string): void {
    if (this.#item(itemId)?.setProgress(message)) this.#view = undefined;
  }

  /** Orders the ended items as the server lists them: in the order in which they ended. */
  arrange(itemIds: readonly string[]): void {
    const listed = new Set(itemIds);
    const rest = [...this.#entries.values()]
      .filter(({ id, ended }) => !listed.has(id) && Number.isFinite(ended))
      .sort((one, other) => one.ended - other.ended)
      .map(({ id }) => id);
    this.#ends = 0;
    for (const id of [...listed, ...rest]) {
      const entry = this.#entries.get(id);
      if (entry && Number.isFinite(entry.ended)) entry.ended = this.#ends++;
    }
    this.#order = undefined;
    this.#view = undefined;
  }

  /** Notes that notifications may have been lost. */
  miss(): void {
    if (this.isOver) return;
    this.hasGap = true;
    for (const entry of this.#entries.values()) if (entry instanceof ItemModel) entry.tear();
    this.#view = undefined;
  }

  // — Notes

  /** Adds or changes an entry that isn't an item. */
  note(id: string, content: NoteContent): void {
    const known = this.#entries.get(id);
    if (known instanceof Note) {
      if (isSame(known.content, content)) return;
      known.content = content;
      this.#view = undefined;
    } else if (!known) {
      this.#add(new Note(id, content, this.#count)).ended = this.#ends++;
    }
  }

  /** Notes that the server retries after an error, for the first time or again. */
  retry(content: NoteContent): void {
    if (this.isOver) return;
    this.#retrying ??= `${this.id}:retry:${++this.#retries}`;
    this.note(this.#retrying, content);
  }

  /** Notes that the server has reached the model again, or given up. */
  endRetry(): void {
    const id = this.#retrying;
    const known = id === undefined ? undefined : this.#entries.get(id);
    this.#retrying = undefined;
    if (id !== undefined && known instanceof Note)
      this.note(id, { ...known.content, state: "completed" });
  }

  /**
   * Takes the thread's total usage and the usage of its last request, and subtracts the usage before the turn.
   */
  countUsage(total: TokenUsage, last: TokenUsage): void {
    const isFirst = this.#usedBefore === undefined;
    if (this.isOver || (isFirst && (!this.#wasSeenToStart || this.hasGap))) return;
    this.#usedBefore ??= minus(total, last);
    const usage = minus(total, this.#usedBefore);
    if (isSame(usage, this.#usage)) return;
    this.#usage = usage;
    this.#view = undefined;
  }

  set diff(diff: string) {
    if (this.#diff === diff) return;
    this.#diff = diff;
    this.#view = undefined;
  }

  // — The view

  /**
   * The view, with the entries of turns that are parts of this one. The same object until something
   * has changed.
   */
  view(parts: readonly TurnModel[] = []): TurnView {
    if (this.#view && parts.every((part) => part.#view)) return this.#view;
    const view: TurnView = {
      id: this.id,
      state: this.#state,
      startedAt: this.#startedAt ?? parts[0]?.startedAt ?? null,
      endedAt: this.#endedAt,
      durationMs: this.#durationMs,
      error: this.#error,
      usage: this.#usage,
      diff: this.#diff,
      entries: sharedList(this.#lastView?.entries, this.#entriesWith(parts)),
    };
    this.#lastView = sharedView(this.#lastView, view, ["entries"]);
    this.#view = this.#lastView;
    // Marks the parts as unchanged. They have no view of their own.
    for (const part of parts) part.#view = this.#view;
    return this.#view;
  }

  #entriesWith(parts: readonly TurnModel[]): readonly Entry[] {
    const { isOver } = this;
    const shown = this.#ordered(parts).filter((entry) => entry.isShown(isOver));
    return shown.map((entry) => entry.view(isOver));
  }

  #ordered(parts: readonly TurnModel[]): readonly TurnEntry[] {
    this.#order ??= inOrder(this.#entries.values());
    if (parts.length === 0) return this.#order;
    const others = parts.map((part) => part.#entries);
    return inOrder(together(this.#entries, others));
  }

  #streamed(method: StreamMethod, itemId: string): ItemModel {
    const known = this.#item(itemId);
    if (known) return known;
    return this.#unannounced({ type: typeOf(method), id: itemId }, this.#ids.of(itemId));
  }

  #unannounced(item: Foreign, entryId: string): ItemModel {
    return this.#add(new ItemModel(entryId, this.#count, item, false, null));
  }

  #item(id: string): ItemModel | undefined {
    const entry = this.#entries.get(this.#ids.of(id));
    return entry instanceof ItemModel ? entry : undefined;
  }

  #add<T extends TurnEntry>(entry: T): T {
    this.#count++;
    this.#entries.set(entry.id, entry);
    this.#changed();
    return entry;
  }

  #changed(): void {
    this.#order = undefined;
    this.#view = undefined;
  }
}

type Entries = ReadonlyMap<string, TurnEntry>;

/**
 * The entries of a turn and of its parts. While a turn runs, all its items arrive under one id; in the history, some of
 * them belong to the turn's parts. If an entry is in both, a copy that has ended takes precedence; otherwise the turn's
 * copy does.
 */
function together(own: Entries, parts: readonly Entries[]): Iterable<TurnEntry> {
  const all = new Map<string, TurnEntry>();
  for (const part of parts) for (const [id, entry] of part) all.set(id, entry);
  for (const entries of [...parts.toReversed(), own]) {
    for (const [id, entry] of entries) {
      const isBetter = Number.isFinite(entry.ended) || !Number.isFinite(all.get(id)?.ended);
      if (isBetter) all.set(id, entry);
    }
  }
  return all.values();
}

function itemsOf(entries: Iterable<TurnEntry>): readonly Foreign[] {
  return [...entries].flatMap((entry) => (entry instanceof ItemModel ? [entry.seen] : []));
}

function idOf(item: Foreign): string | undefined {
  return text(item.id) === "" ? undefined : text(item.id);
}

function milliseconds(seconds: unknown): number | null {
  const count = numberOrNull(seconds);
  return count === null ? null : count * 1000;
}
