import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { isSameItem } from "./announced-items.ts";
import type { TurnFold } from "./fold.ts";
import { itemIn } from "./foreign.ts";

interface ItemTimes {
  readonly startedAtMs?: unknown;
  readonly completedAtMs?: unknown;
}

/** The parts of a turn's state that are needed here. */
interface Known {
  readonly fold: TurnFold;
  readonly hasStarted: boolean;
  /** Whether something was missed: the history can describe the same item differently. */
  readonly hasGap: boolean;
}

/**
 * Whether a new item begins, or one that wasn't announced ends, with the id of one that has completed. Of
 * simultaneous calls with the same id, the server announces only the first.
 */
export function reusesItemId({ method, params }: Notification, { fold, hasGap }: Known): boolean {
  const isStart = method === "item/started";
  const item = isStart || method === "item/completed" ? itemIn(params) : undefined;
  if (item === undefined || !fold.isCompleted(item.id)) return false;
  const known = fold.item(item.id);
  if (known === undefined) return false;
  return hasGap ? isStart && startsAfter(item, known) : isOther(item, known);
}

/**
 * The item that ends, if it wasn't announced and has the id of one that is open; see `reusesItemId`.
 */
export function endsBeside(
  { method, params }: Notification,
  { fold, hasGap }: Known,
): ThreadItem | undefined {
  const item = method === "item/completed" && !hasGap ? itemIn(params) : undefined;
  if (item === undefined || fold.isCompleted(item.id)) return undefined;
  const known = fold.item(item.id);
  return known !== undefined && isOther(item, known) ? item : undefined;
}

/** Whether the item is known to be a different one. Null members are ignored. */
function isOther(item: ThreadItem, known: ThreadItem): boolean {
  const said = Object.entries(item).filter(([, value]) => value !== null);
  return !isSameItem(known, Object.fromEntries(said) as unknown as ThreadItem);
}

/** Whether the item started after the other one had ended. Older servers don't send the times. */
function startsAfter({ startedAtMs }: ItemTimes, other: ItemTimes): boolean {
  const start = timeOf(startedAtMs, 0);
  const end = timeOf(other.completedAtMs, Infinity);
  return start >= end && start > timeOf(other.startedAtMs, Infinity);
}

function timeOf(given: unknown, unknown: number): number {
  return typeof given === "number" ? given : unknown;
}

/**
 * Whether the notification has already arrived. After a lost connection, the same one can arrive
 * twice: from the server again, and from its history.
 */
export function isRepeated(notification: Notification, { fold, hasStarted }: Known): boolean {
  switch (notification.method) {
    case "turn/started":
      return hasStarted;
    case "item/started":
      return fold.item(itemIdOf(notification)) !== undefined;
    case "item/completed":
      return fold.isCompleted(itemIdOf(notification));
    default:
      return false;
  }
}

/**
 * Whether an item that the server lists may be an earlier one than the open item with the same id: if
 * several items have the id, the server lists the one that ended last, with the times of the first.
 */
export function mayBeEarlier(listed: ThreadItem, fold: TurnFold): boolean {
  const known = fold.item(listed.id);
  if (known === undefined || fold.isCompleted(listed.id)) return false;
  const untimed = { ...known, startedAtMs: undefined } as unknown as ThreadItem;
  return fold.isReused(listed.id) || !isSameItem(untimed, listed);
}

export function itemIdOf({ params }: Notification): string {
  return itemIn(params)?.id ?? "";
}
