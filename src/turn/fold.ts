import type {
  ThreadItem,
  ThreadTokenUsageUpdatedNotification,
  TurnError,
  TurnStatus,
  Turn as WireTurn,
} from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";

/** All that is known of a turn: the fold of its notifications. */
export interface TurnState {
  readonly status: TurnStatus;
  readonly error: TurnError | null;
  /** The final answer; see `finalText`. */
  readonly text: string;
  /** The completed items, in the order in which they were completed. */
  readonly items: readonly ThreadItem[];
  readonly usage: ThreadTokenUsageUpdatedNotification | null;
  /** Unix time in seconds. */
  readonly startedAt: number | null;
  /** Unix time in seconds. */
  readonly completedAt: number | null;
  readonly durationMs: number | null;
}

/** Collects what a turn's notifications say. Knows nothing of how they came; what it does not know it passes over. */
export class TurnFold {
  readonly #started = new Map<string, ThreadItem>();
  readonly #completed = new Map<string, ThreadItem>();
  #usage: ThreadTokenUsageUpdatedNotification | null = null;
  #turn: Partial<WireTurn> = {};

  apply({ method, params }: Notification): void {
    switch (method) {
      case "turn/started":
      case "turn/completed":
        this.#applyTurn((params as { turn?: Partial<WireTurn> } | null | undefined)?.turn);
        return;
      case "item/started":
        this.#put(this.#started, params);
        return;
      case "item/completed":
        this.#put(this.#completed, params);
        return;
      case "thread/tokenUsage/updated":
        this.#usage = params as ThreadTokenUsageUpdatedNotification;
    }
  }

  /** An item as it was last seen, completed or not. */
  item(id: string): ThreadItem | undefined {
    return this.#completed.get(id) ?? this.#started.get(id);
  }

  /** All items, as they were last seen, in the order in which they were started. */
  items(): ThreadItem[] {
    return [...this.#started].map(([id, item]) => this.#completed.get(id) ?? item);
  }

  /** The ids of items that were started and not completed. */
  openItems(): string[] {
    return [...this.#started.keys()].filter((id) => !this.#completed.has(id));
  }

  isCompleted(itemId: string): boolean {
    return this.#completed.has(itemId);
  }

  /** Puts the completed items into this order; those that it does not name go last. */
  arrange(itemIds: readonly string[]): void {
    const rest = new Map(this.#completed);
    this.#completed.clear();
    for (const id of itemIds) {
      const item = rest.get(id);
      if (item) this.#completed.set(id, item);
      rest.delete(id);
    }
    for (const [id, item] of rest) this.#completed.set(id, item);
  }

  get state(): TurnState {
    const items = [...this.#completed.values()];
    return {
      status: this.#turn.status ?? "inProgress",
      error: this.#turn.error ?? null,
      text: finalText(items),
      items,
      usage: this.#usage,
      startedAt: this.#turn.startedAt ?? null,
      completedAt: this.#turn.completedAt ?? null,
      durationMs: this.#turn.durationMs ?? null,
    };
  }

  #applyTurn(turn: Partial<WireTurn> | undefined): void {
    if (typeof turn !== "object" || turn === null) return;
    const { items: _summary, ...known } = turn;
    this.#turn = { ...this.#turn, ...known };
  }

  #put(items: Map<string, ThreadItem>, params: unknown): void {
    const item = (params as { item?: ThreadItem | null } | null | undefined)?.item;
    if (typeof item?.id === "string") items.set(item.id, item);
  }
}

/**
 * The turn's answer: the last agent message of phase `final_answer`; if there is none, the last
 * without a phase. Commentary never counts.
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
