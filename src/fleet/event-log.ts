/** One entry of a turn's event stream. */
export interface LoggedEntry {
  /** The epoch of the claim under which it was written. */
  readonly epoch: string;
  /** The number of the entry's first event; the events of an epoch are numbered from 1. */
  readonly number: number;
  /** An `EventBatch`, encoded. */
  readonly data: string;
}

/** What a reader of a turn waits for. */
export type TurnChange = "events" | "answers" | "end";

/** Where to start reading: at the entry that contains an event, or after an entry. */
export type ReadFrom = { readonly holding: EventId } | { readonly after: EventId };

/** The events of all turns, readable by every process. */
export interface EventLog {
  /** The next entries of a turn; without `from`, the first. */
  read(turn: string, from: ReadFrom | undefined, limit: number): Promise<LoggedEntry[]>;
  /**
   * Calls `wake` when there may be a change of this kind, or the turn may have ended. It can be called
   * without a change, or seconds after one.
   */
  watch(turn: string, change: TurnChange, wake: () => void): Disposable;
}

export interface EventId {
  readonly epoch: string;
  readonly number: number;
}

/** The id of an event. Ids increase within a turn, even from one worker to the next. */
export function eventId({ epoch, number }: EventId): string {
  return `${epoch}-${number}`;
}

/** @throws TypeError if `id` isn't the id of an event. */
export function parseEventId(id: string): EventId {
  const match = /^(\d{1,16})-(\d{1,15})$/.exec(typeof id === "string" ? id : "");
  if (!match) {
    throw new TypeError(
      `after must be the id of an event, such as "1732600000000-12", not ${shown(id)}`,
    );
  }
  return { epoch: match[1] ?? "", number: Number(match[2]) };
}

function shown(id: unknown): string {
  return typeof id === "string" ? JSON.stringify(id.slice(0, 60)) : typeof id;
}
