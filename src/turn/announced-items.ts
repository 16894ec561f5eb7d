import { isDeepStrictEqual } from "node:util";
import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { itemIn } from "./foreign.ts";

/**
 * A turn's items as the server has announced them, for its requests, which name them by their id.
 * The model chooses some of these ids, and can use one again: for another call after the first, or
 * beside it.
 */
export class AnnouncedItems {
  /** Those that have started but not completed; several can have one id. */
  readonly #open = new Map<string, readonly ThreadItem[]>();
  readonly #last = new Map<string, ThreadItem>();
  /** Uncompleted ones of which nothing was missed since they started. */
  readonly #current = new Set<ThreadItem>();

  see({ method, params }: Notification): void {
    const item = itemIn(params);
    if (item === undefined) return;
    const open = this.#open.get(item.id) ?? [];
    const others = open.filter((one) => !isSameItem(one, item));
    const isStart = method === "item/started";
    if (isStart) {
      this.#open.set(item.id, [...others, item]);
    } else if (method === "item/completed") {
      // What the server has changed meanwhile still is the only one.
      this.#open.set(item.id, open.length === 1 ? [] : others);
    } else return;
    this.#last.set(item.id, item);
    const left = this.#open.get(item.id) ?? [];
    for (const one of open) if (!left.includes(one)) this.#current.delete(one);
    if (isStart) this.#current.add(item);
  }

  /** Something was missed: what has started may have completed since. */
  missed(): void {
    this.#current.clear();
  }

  /** Whether the item has started, and wasn't completed since, as nothing was missed. */
  isCurrent(item: ThreadItem): boolean {
    return this.#current.has(item);
  }

  /** With what these notifications announce in addition. */
  after(notifications: readonly Notification[]): AnnouncedItems {
    if (notifications.length === 0) return this;
    const copy = new AnnouncedItems();
    for (const [id, items] of this.#open) copy.#open.set(id, items);
    for (const [id, item] of this.#last) copy.#last.set(id, item);
    for (const item of this.#current) copy.#current.add(item);
    for (const one of notifications) copy.see(one);
    return copy;
  }

  /** For each id the uncompleted items, or the completed one that was announced last. */
  all(): ThreadItem[] {
    return [...this.#last].flatMap(([id, last]) => {
      const open = this.#open.get(id) ?? [];
      return open.length > 0 ? open : [last];
    });
  }
}

/** Whether they are the same item: the server can announce an item twice. */
export function isSameItem(one: ThreadItem, other: ThreadItem): boolean {
  return startOf(one) === startOf(other) && hasSameSubject(one, other);
}

function startOf(item: ThreadItem): unknown {
  return "startedAtMs" in item ? item.startedAtMs : undefined;
}

function hasSameSubject(one: ThreadItem, other: ThreadItem): boolean {
  try {
    return isDeepStrictEqual(subjectOf(one), subjectOf(other));
  } catch {
    // Foreign data can be too deep to compare.
    return false;
  }
}

function subjectOf(item: ThreadItem): unknown {
  const { type, changes, command, tool, arguments: args } = item as Record<string, unknown>;
  return [type, changes, command, tool, args];
}
