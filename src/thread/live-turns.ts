import { TurnRecord, type TurnRecordEvents } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";

/** So many ended turns are remembered, so that what comes late for one doesn't bring it back, and messages. */
const REMEMBERED = 64;

/** Names a turn in passing, perhaps one that ended long ago: after a resume the old usage is repeated. */
const NO_SIGN_OF_LIFE: ReadonlySet<string> = new Set([
  "thread/tokenUsage/updated",
  "thread/goal/updated",
]);

/**
 * The turns of one thread that have not ended, started by this program, by another client, by a goal
 * or by the server's own queue. A record is made when a turn first shows itself.
 */
export class LiveTurns {
  readonly #threadId: string;
  readonly #events: TurnRecordEvents;
  readonly #wakes: Wakes | undefined;
  readonly #live = new Map<string, TurnRecord>();
  /** Turns seen while a start is on its way: one of them is ours, and its id is yet to come. */
  readonly #candidates = new Map<string, TurnRecord>();
  readonly #ended = new Set<string>();
  /** Turns that requests of this program have started. */
  readonly #begun = new Set<string>();
  /** Messages that requests of this program have sent, by the ids that they gave them. */
  readonly #ownMessages = new Set<string>();

  /** `wakes` wakes the readers of all threads together. */
  constructor(threadId: string, events: TurnRecordEvents, wakes?: Wakes) {
    this.#threadId = threadId;
    this.#events = events;
    this.#wakes = wakes;
  }

  get(turnId: string): TurnRecord | undefined {
    return this.#live.get(turnId) ?? this.#candidates.get(turnId);
  }

  get size(): number {
    return this.#live.size;
  }

  [Symbol.iterator](): Iterator<TurnRecord> {
    return this.#live.values();
  }

  /** The turns that this program has started. */
  own(): TurnRecord[] {
    return [...this.#live.values()].filter((record) => record.isOwn);
  }

  /** The record that a notification is for; undefined when it is about no live turn. */
  see(turnId: string, method: string, options: { mayBeOurs: boolean }): TurnRecord | undefined {
    const known = this.get(turnId);
    if (known || NO_SIGN_OF_LIFE.has(method) || this.#ended.has(turnId)) return known;
    const begins = method === "turn/started" || method === "item/started";
    if (!begins && !options.mayBeOurs) return undefined;
    const record = this.#make(turnId, options.mayBeOurs);
    if (options.mayBeOurs) this.#candidates.set(turnId, record);
    return record;
  }

  /** The turn that a start of ours has begun. */
  claim(turnId: string, clientMessageId: string | undefined): TurnRecord {
    const record = this.get(turnId) ?? this.#make(turnId, true);
    record.claim(clientMessageId);
    remember(this.#begun, turnId);
    return record;
  }

  /** Whether a request of this program has started the turn, even if it was given up since. */
  isStartedHere(turnId: string): boolean {
    return this.#begun.has(turnId);
  }

  /** No start is on its way any more. */
  forgetCandidates(): void {
    this.#candidates.clear();
  }

  ended(record: TurnRecord): void {
    if (this.#live.get(record.turnId) === record) this.#live.delete(record.turnId);
    // One that was given up shows itself again if it still runs.
    if (!record.isGivenUp) remember(this.#ended, record.turnId);
  }

  /** A request of this program has sent this message. */
  sentMessage(id: string): void {
    remember(this.#ownMessages, id);
  }

  isOwnMessage(id: string): boolean {
    return this.#ownMessages.has(id);
  }

  /**
   * Drops the turns of others that were seen to begin: the thread is idle, so they are over. One
   * that may be ours, its id yet to come, is kept.
   */
  dropForeign(): void {
    for (const record of this.#live.values()) {
      if (!record.isOwn && !this.#candidates.has(record.turnId)) record.drop();
    }
  }

  failAll(reason: Error): void {
    for (const record of [...this.#live.values()]) record.fail(reason);
  }

  #make(turnId: string, retain: boolean): TurnRecord {
    const options = { retain, wakes: this.#wakes };
    const record = new TurnRecord(this.#threadId, turnId, this.#events, options);
    this.#live.set(turnId, record);
    return record;
  }
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= REMEMBERED) break;
    ids.delete(oldest);
  }
}
