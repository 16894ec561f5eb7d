import type { Entry } from "./entries.ts";

/** What a turn needs of each of its entries, to put them in order and to show them. */
export interface TurnEntry {
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number | null;
  /** Its place among what has begun. */
  readonly begun: number;
  /** Its place among what has ended; Infinity until it has. */
  ended: number;
  /** Whether it shows something. */
  isShown(turnIsOver: boolean): boolean;
  /** The same object until something of it has changed. */
  view(turnIsOver: boolean): Entry;
}

/**
 * Puts entries in the order in which they began. The server lists items as they ended: those that
 * began in the same millisecond, or of which the time isn't known, come in that order, live too.
 */
export function inOrder(entries: Iterable<TurnEntry>): TurnEntry[] {
  const sorted = [...entries].sort((one, other) => byEnd(one, other) || one.begun - other.begun);
  let latest = Number.NEGATIVE_INFINITY;
  const placed = sorted.map((entry) => {
    latest = Math.max(latest, entry.startedAt ?? latest);
    return { entry, at: entry.startedAt ?? latest };
  });
  // Sorting is stable.
  return placed.sort((one, other) => compare(one.at, other.at)).map(({ entry }) => entry);
}

function byEnd(one: TurnEntry, other: TurnEntry): number {
  return compare(one.ended, other.ended);
}

function compare(one: number, other: number): number {
  // Not by subtraction, which gives NaN for two infinite numbers.
  return one === other ? 0 : one < other ? -1 : 1;
}
