import { isDeepStrictEqual } from "node:util";
import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import { itemIn } from "./foreign.ts";

/** How many open items with the same id are tracked. Tracking more would only slow the client down. */
const MAX_OPEN = 16;
const COMMAND_OUTPUT = "item/commandExecution/outputDelta";
/** If a server names more commands than this, the client doesn't wait for them. */
const MAX_UNSEEN = 256;

/**
 * A turn's items as the server has announced them: its requests name items by id. The model chooses
 * some of these ids, and can use an id again for another call, even while the first is running.
 */
export class AnnouncedItems {
  /** Items that have started but not completed. Several can have the same id. */
  readonly #open = new Map<string, readonly ThreadItem[]>();
  readonly #last = new Map<string, ThreadItem>();
  /** Uncompleted items whose notifications have all arrived since they started. */
  readonly #current = new Set<ThreadItem>();
  /** Commands that have printed something, and whose start was missed. */
  readonly #unseenCommands = new Set<string>();

  see({ method, params }: Notification): void {
    if (method === COMMAND_OUTPUT) this.#seeOutput(params);
    const isStart = method === "item/started";
    const announced = isStart || method === "item/completed" ? itemIn(params) : undefined;
    if (typeof announced?.type !== "string") return;
    const { id } = announced;
    this.#unseenCommands.delete(id);
    const open = this.#open.get(id) ?? [];
    // With too many open items, it can't be decided any more which of them a request with the id is about.
    if (open.length === MAX_OPEN) return;
    const same = open.filter((one) => isSameItem(one, announced));
    // The announcement matches several open items, because it lacks the members that would distinguish them.
    if (same.length > 1) return;
    const item = merged(same[0], announced, isStart);
    const others = open.filter((one) => one !== same[0]);
    // If only one item is open, the completed item must be that one, even if the server has changed it in the
    // meantime.
    const left = isStart ? [...others, item] : open.length === 1 ? [] : others;
    this.#open.set(id, left);
    this.#last.set(id, item);
    for (const one of open) if (!left.includes(one)) this.#current.delete(one);
    if (isStart) this.#current.add(item);
  }

  #seeOutput(params: unknown): void {
    const itemId = isRecord(params) ? params.itemId : undefined;
    if (typeof itemId !== "string" || this.#last.has(itemId)) return;
    if (this.#unseenCommands.size < MAX_UNSEEN) this.#unseenCommands.add(itemId);
  }

  /** The ids of commands of which only the output was seen. */
  get unseenCommands(): ReadonlySet<string> {
    return this.#unseenCommands;
  }

  /** Notes that notifications were missed: items that had started may have completed in the meantime. */
  missed(): void {
    this.#current.clear();
  }

  /** Whether the item has started and is certainly still running, because no notifications were missed. */
  isCurrent(item: ThreadItem): boolean {
    return this.#current.has(item);
  }

  /** A copy that also includes what these notifications announce. */
  after(notifications: readonly Notification[]): AnnouncedItems {
    if (notifications.length === 0) return this;
    const copy = new AnnouncedItems();
    for (const [id, items] of this.#open) copy.#open.set(id, items);
    for (const [id, item] of this.#last) copy.#last.set(id, item);
    for (const item of this.#current) copy.#current.add(item);
    for (const id of this.#unseenCommands) copy.#unseenCommands.add(id);
    for (const one of notifications) copy.see(one);
    return copy;
  }

  /** For each id the uncompleted items, or the completed one that was announced last. */
  all(): ThreadItem[] {
    return [...this.#last.keys()].flatMap((id) => this.named(id));
  }

  /** The uncompleted items with this id, or the completed one that was announced last. */
  named(id: string): readonly ThreadItem[] {
    const open = this.#open.get(id) ?? [];
    const last = this.#last.get(id);
    return open.length > 0 || last === undefined ? open : [last];
  }
}

/** The members that show what an item does. */
const SUBJECT = ["type", "startedAtMs", "changes", "command", "server", "tool", "arguments"];

/**
 * Whether these are two announcements of one item, which the server can announce twice. Compares the members that
 * both have.
 */
export function isSameItem(one: ThreadItem, other: ThreadItem): boolean {
  const [a, b] = [one, other] as unknown as readonly Readonly<Record<string, unknown>>[];
  try {
    return SUBJECT.every((name) => {
      const [left, right] = [a?.[name], b?.[name]];
      return left === undefined || right === undefined || isDeepStrictEqual(left, right);
    });
  } catch {
    // Data from the server can be too deep to compare.
    return false;
  }
}

/**
 * The last announcement of an item, together with members that only an earlier announcement had. If the item is
 * announced as running a second time, members that are now null are also taken from the earlier one.
 */
function merged(known: ThreadItem | undefined, item: ThreadItem, isStart: boolean): ThreadItem {
  if (known === undefined) return item;
  const members = Object.entries(item);
  const said = isStart ? members.filter(([, value]) => value !== null) : members;
  return { ...known, ...Object.fromEntries(said) } as ThreadItem;
}
