import type {
  ThreadItem,
  ThreadTokenUsageUpdatedNotification,
  TurnError,
  TurnStatus,
  Turn as WireTurn,
} from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import { asItem, itemIn } from "./foreign.ts";
import { shareTexts } from "./share-text.ts";
import { type StreamedDeltas, unfinishedItems } from "./unfinished.ts";

/** Everything that is known about a turn. */
export interface TurnState {
  readonly status: TurnStatus;
  readonly error: TurnError | null;
  /** The final answer, or the part that was streamed; see `finalText`. */
  readonly text: string;
  /**
   * The completed items, in the order in which they completed. Unless the turn has completed, the
   * unfinished ones follow in the order in which they started, with their state and their streamed
   * text.
   */
  readonly items: readonly ThreadItem[];
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  /** Unix time in seconds. */
  readonly startedAt: number | null;
  /** Unix time in seconds. */
  readonly completedAt: number | null;
  readonly durationMs: number | null;
}

const NO_DELTAS: StreamedDeltas = { streamed: () => [], streaming: [] };

/**
 * Collects the content of a turn's notifications, in any order and from any source, and ignores
 * unknown ones. Deltas stay in the log; the fold asks for their text when its state is read.
 */
export class TurnFold {
  readonly #deltas: StreamedDeltas;
  /** The started items by key. */
  readonly #started = new Map<string, ThreadItem>();
  readonly #completed = new Map<string, ThreadItem>();
  /**
   * The keys of items that reuse the id of an earlier item. A key is the id, a NUL and a number. All other
   * items have the id and a NUL as their key. So no id, which the model can choose, is another item's key.
   */
  readonly #keys = new Map<string, string>();
  #made = 0;
  #usage: ThreadTokenUsageUpdatedNotification | null = null;
  #turn: Partial<WireTurn> = {};

  /** `deltas` contains the deltas of the same turn. */
  constructor(deltas: StreamedDeltas = NO_DELTAS) {
    this.#deltas = deltas;
  }

  apply({ method, params }: Notification): void {
    switch (method) {
      case "turn/started":
      case "turn/completed":
        this.#applyTurn(isRecord(params) ? params.turn : undefined);
        return;
      case "item/started":
        this.#put(this.#started, itemIn(params));
        return;
      case "item/completed":
        this.#complete(itemIn(params));
        return;
      case "thread/tokenUsage/updated":
        if (isRecord(params)) this.#usage = params as ThreadTokenUsageUpdatedNotification;
    }
  }

  /** An item as it was last seen, completed or not. */
  item(id: string): ThreadItem | undefined {
    const key = this.#keyOf(id);
    return this.#completed.get(key) ?? this.#started.get(key);
  }

  /** All items, as last seen, in the order in which they started. */
  items(): ThreadItem[] {
    return [...this.#started].map(([key, item]) => this.#completed.get(key) ?? item);
  }

  /** The ids of items that have started but not completed. */
  openItems(): string[] {
    return this.#open().map(({ id }) => id);
  }

  isCompleted(itemId: string): boolean {
    return this.#completed.has(this.#keyOf(itemId));
  }

  /** Treats the next item with this id as a different item: the model can reuse the id of a call. */
  separate(itemId: string): void {
    this.#keys.set(itemId, this.#newKey(itemId));
  }

  /** Adds a completed item beside the open one with its id. */
  completeBeside(item: ThreadItem): void {
    this.#completed.set(this.#newKey(item.id), item);
  }

  /** Whether an earlier item had this id. */
  isReused(itemId: string): boolean {
    return this.#keys.has(itemId);
  }

  /** Sorts the completed items in this order; items that it doesn't name come last. */
  arrange(itemIds: readonly string[]): void {
    const rest = new Map(this.#completed);
    this.#completed.clear();
    for (const key of itemIds.map((id) => this.#keyOf(id))) {
      const item = rest.get(key);
      if (item) this.#completed.set(key, item);
      rest.delete(key);
    }
    for (const [key, item] of rest) this.#completed.set(key, item);
  }

  /** The current state, computed when it is read. */
  get state(): TurnState {
    const status = typeof this.#turn.status === "string" ? this.#turn.status : "inProgress";
    const completed = [...this.#completed.values()];
    const open = status === "completed" ? [] : unfinishedItems(this.#open(), this.#deltas);
    return {
      status,
      error: this.#turn.error ?? null,
      text: finalText([...completed, ...open.filter(saysSomething)]),
      items: [...completed, ...open],
      usage: this.#usage,
      startedAt: this.#turn.startedAt ?? null,
      completedAt: this.#turn.completedAt ?? null,
      durationMs: this.#turn.durationMs ?? null,
    };
  }

  #open(): ThreadItem[] {
    return [...this.#started].flatMap(([key, item]) => (this.#completed.has(key) ? [] : [item]));
  }

  #keyOf(id: string): string {
    return this.#keys.get(id) ?? `${id}\0`;
  }

  #newKey(id: string): string {
    return `${id}\0${++this.#made}`;
  }

  #applyTurn(turn: unknown): void {
    if (!isRecord(turn)) return;
    const { items, ...known } = turn as Partial<WireTurn>;
    this.#turn = { ...this.#turn, ...known };
    if (!Array.isArray(items)) return;
    for (const item of items.map(asItem)) if (item) shareTexts(item, this.item(item.id));
  }

  /** Adds a completed item, whose start may have been missed. */
  #complete(item: ThreadItem | undefined): void {
    this.#put(this.#completed, item);
    if (item && !this.#started.has(this.#keyOf(item.id))) this.#put(this.#started, item);
  }

  #put(items: Map<string, ThreadItem>, item: ThreadItem | undefined): void {
    if (item === undefined) return;
    shareTexts(item, this.item(item.id));
    items.set(this.#keyOf(item.id), item);
  }
}

/** Whether an item says something: an unfinished message without text must not replace an earlier one with text. */
function saysSomething(item: ThreadItem): boolean {
  return item.type !== "agentMessage" || item.text !== "";
}

/**
 * The turn's answer: the last agent message with the phase `final_answer`; if there is none, the last one
 * without a phase. Never commentary.
 */
export function finalText(items: readonly ThreadItem[]): string {
  let unphased: string | undefined;
  for (const item of items.toReversed()) {
    if (item.type !== "agentMessage" || typeof item.text !== "string") continue;
    if (item.phase === "final_answer") return item.text;
    if (item.phase == null) unphased ??= item.text;
  }
  return unphased ?? "";
}
