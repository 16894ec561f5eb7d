import type { Entry } from "./entries.ts";

/** The parts of an entry that its turn needs to sort and show it. */
export interface TurnEntry {
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number | null;
  /** The entry's place in the order of starts. */
  readonly begun: number;
  /** The entry's place in the order of ends; Infinity until it has ended. */
  ended: number;
  /** Whether the entry has content to show. */
  isShown(turnIsOver: boolean): boolean;
  /** The same object until something in it has changed. */
  view(turnIsOver: boolean): Entry;
}

/**
 * Sorts entries in the order in which they started. The server lists items in the order in which
 * they ended: items that started in the same millisecond, or whose time isn't known, keep that
 * order, even live.
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
