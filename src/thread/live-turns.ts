import { TurnRecord, type TurnRecordEvents } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";
import { RecentIds } from "../util/recent-ids.ts";
import { MergedStarts } from "./merged-starts.ts";
import { TurnOwners } from "./turn-owners.ts";

/**
 * The number of ended turns that are remembered, so that late notifications don't revive a turn.
 */
const REMEMBERED = 64;

/**
 * Notifications that name a turn, but don't show that it is running. After a resume, for example, the server repeats
 * the usage of an old turn.
 */
const NO_SIGN_OF_LIFE: ReadonlySet<string> = new Set([
  "thread/tokenUsage/updated",
  "thread/goal/updated",
]);

/**
 * The unfinished turns of one thread, started by this program, another client, a goal or the
 * server's own queue. A record is created when a turn is first seen.
 */
export class LiveTurns {
  readonly #threadId: string;
  readonly #events: TurnRecordEvents;
  readonly #wakes: Wakes | undefined;
  /** Which client each turn belongs to. */
  readonly owners: TurnOwners;
  /** The starts that may be merged into other clients' turns. */
  readonly merged: MergedStarts = new MergedStarts();
  /**
   * How long this client has waited for the server to list a turn, on all connections since the turns were last known.
   */
  readonly unlisted: { ms: number } = { ms: 0 };
  readonly #live = new Map<string, TurnRecord>();
  /**
   * Turns that were seen during a start: one of them is this client's, but its id isn't known yet.
   */
  readonly #candidates = new Map<string, TurnRecord>();
  /** The candidates during which the thread became idle. */
  #idleSince: TurnRecord[] = [];
  readonly #ended = new RecentIds(REMEMBERED);
  /** Turns that this program has stopped. */
  readonly #stopped = new RecentIds(REMEMBERED);
  /** Commands that turns have left running. */
  readonly #left = new RecentIds(REMEMBERED);

  /** `wakes` wakes the readers of all threads together. */
  constructor(threadId: string, events: TurnRecordEvents, wakes?: Wakes) {
    this.#threadId = threadId;
    this.#events = events;
    this.#wakes = wakes;
    this.owners = new TurnOwners(
      (turnId) => this.get(turnId),
      () => events.learned(),
    );
  }

  /** Whether something listens to all notifications of every turn. */
  areShown = false;

  get(turnId: string): TurnRecord | undefined {
    return this.#live.get(turnId) ?? this.#candidates.get(turnId);
  }

  /** Whether the turn is live, has recently ended, or was started by this program. */
  knows(turnId: string): boolean {
    const isKnown = this.get(turnId) !== undefined || this.#ended.has(turnId);
    return isKnown || this.owners.isClaimed(turnId);
  }

  /** Whether the turn has ended, and no start in progress can be its own. */
  isOver(turnId: string): boolean {
    return this.get(turnId) === undefined && this.#ended.has(turnId);
  }

  /** Whether the turn has recently ended. */
  hasEnded(turnId: string): boolean {
    return this.#ended.has(turnId);
  }

  get size(): number {
    return this.#live.size;
  }

  [Symbol.iterator](): Iterator<TurnRecord> {
    return this.#live.values();
  }

  /** The turns that this program has started, or follows. */
  awaited(): TurnRecord[] {
    return [...this.#live.values()].filter((record) => record.isAwaited);
  }

  /** The record for a notification; undefined if it isn't about a live turn. */
  see(turnId: string, method: string, options: { mayBeOurs: boolean }): TurnRecord | undefined {
    const known = this.get(turnId);
    if (known || NO_SIGN_OF_LIFE.has(method) || this.#ended.has(turnId)) return known;
    const begins = method === "turn/started" || method === "item/started";
    if (begins || options.mayBeOurs) return this.#makeSeen(turnId, options);
    // The turn's beginning was missed: a late item must not create a record for it.
    if (method === "turn/completed") this.#ended.add(turnId);
    return undefined;
  }

  /** The record of a running turn that wasn't seen to begin; undefined if it was, or has ended. */
  find(turnId: string, options: { mayBeOurs: boolean }): TurnRecord | undefined {
    if (this.get(turnId) || this.#ended.has(turnId)) return undefined;
    const record = this.#makeSeen(turnId, options);
    record.missed();
    return record;
  }

  /** Returns the record of a turn that this client has started. */
  claim(turnId: string, clientMessageId: string | undefined): TurnRecord {
    const record = this.get(turnId) ?? this.#make(turnId, true);
    record.claim(clientMessageId);
    this.owners.claimed(turnId, clientMessageId);
    return record;
  }

  /** Returns the record of a running turn for which the user wants a handle. */
  follow(turnId: string): TurnRecord {
    const record = this.get(turnId) ?? this.#make(turnId, true);
    record.follow();
    return record;
  }

  /** Notes that there is a new connection, and that notifications about the turns' items may have been missed. */
  missed(): void {
    this.owners.missed(this.#live.values());
    for (const record of this.#live.values()) record.cut();
  }

  hasOurs(): boolean {
    return [...this.#live.keys()].some((id) => this.owners.isOurs(id));
  }

  /**
   * Forgets the candidates, because no start is in progress any more: they are other clients'
   * turns, and some of them have ended.
   */
  forgetCandidates(): void {
    this.#candidates.clear();
    const over = this.#idleSince;
    this.#idleSince = [];
    for (const record of over) if (!record.isOwn) record.drop();
  }

  ended(record: TurnRecord): void {
    this.owners.ended(record);
    if (this.#live.get(record.turnId) === record) this.#live.delete(record.turnId);
    for (const id of record.openCommands()) this.#left.add(id);
    // A turn that was abandoned appears again if it is still running.
    if (!record.isGivenUp) this.#ended.add(record.turnId);
  }

  /** Whether an earlier turn has left this command running. */
  hasLeft(itemId: string): boolean {
    return this.#left.has(itemId);
  }

  /** Notes that the turn is being stopped, together with everything that it started. */
  stops(turnId: string): void {
    this.#stopped.add(turnId);
  }

  goesOn(turnId: string): void {
    this.#stopped.delete(turnId);
  }

  wasStopped(turnId: string): boolean {
    return this.#stopped.has(turnId);
  }

  /**
   * Drops other clients' turns that were seen to start, because the thread is idle and they have ended. A
   * turn that may be this client's, because the id in its response hasn't arrived, is kept until
   * that is known. Returns whether an awaited turn with a gap still counts as running: its end was missed, or
   * will never come, because its server has died.
   */
  dropForeign(): boolean {
    let isLeft = false;
    for (const record of this.#live.values()) {
      if (record.isAwaited) {
        isLeft ||= record.hasGap && record.phase === "running";
        continue;
      }
      if (!this.#candidates.has(record.turnId)) record.drop();
      else if (!this.#idleSince.includes(record)) this.#idleSince.push(record);
    }
    return isLeft;
  }

  failAll(reason: Error): void {
    for (const record of [...this.#live.values()]) record.fail(reason);
    this.owners.goal.missed();
  }

  #makeSeen(turnId: string, { mayBeOurs }: { mayBeOurs: boolean }): TurnRecord {
    const record = this.#make(turnId, mayBeOurs || this.areShown);
    if (mayBeOurs) this.#candidates.set(turnId, record);
    return record;
  }

  #make(turnId: string, retain: boolean): TurnRecord {
    const options = { retain, wakes: this.#wakes };
    const record = new TurnRecord(this.#threadId, turnId, this.#events, options);
    this.#live.set(turnId, record);
    return record;
  }
}
