import type { Turn as WireTurn } from "../protocol/index.ts";
import { TurnOpening } from "../turn/turn-opening.ts";
import { TurnRecord, type TurnRecordEvents } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";
import { keepNewest } from "../util/keep-newest.ts";
import { RecentIds } from "../util/recent-ids.ts";
import { GoalOwner } from "./goal-owner.ts";
import { JoinedTurns } from "./joined-turns.ts";
import { OwnMessages } from "./own-messages.ts";

/**
 * The number of ended turns that are remembered, so that late notifications don't revive a turn.
 */
const REMEMBERED = 64;

/** Names a turn in passing, perhaps one that ended long ago: after a resume the old usage is repeated. */
const NO_SIGN_OF_LIFE: ReadonlySet<string> = new Set([
  "thread/tokenUsage/updated",
  "thread/goal/updated",
]);

/**
 * The unfinished turns of one thread, started by this program, another client, a goal or the
 * server's own queue. A record is created when a turn is first seen.
 */
export class LiveTurns {
  /** Whose goal the thread has. */
  readonly goal: GoalOwner = new GoalOwner();
  readonly #threadId: string;
  readonly #events: TurnRecordEvents;
  readonly #wakes: Wakes | undefined;
  readonly #live = new Map<string, TurnRecord>();
  /**
   * Turns that were seen during a start: one of them is this client's, but its id isn't known yet.
   */
  readonly #candidates = new Map<string, TurnRecord>();
  /** The candidates during which the thread became idle. */
  #idleSince: TurnRecord[] = [];
  readonly #ended = new RecentIds(REMEMBERED);
  /** Turns that requests of this program have started. */
  readonly #begun = new RecentIds(REMEMBERED);
  /** Turns whose request the server may have merged into another client's turn. */
  readonly joined: JoinedTurns = new JoinedTurns();
  /** Turns that this program has stopped. */
  readonly #stopped = new RecentIds(REMEMBERED);
  /** Turns without a record that are this program's, although no request of it names them. */
  readonly #ours = new RecentIds(REMEMBERED);
  /** Turns without a record that another client has started. */
  readonly #others = new RecentIds(REMEMBERED);
  /** Turns without a record whose beginning is known. */
  readonly #known = new RecentIds(REMEMBERED);
  /** The turn that each turn works for, by the id of the latter. */
  readonly #roots = new Map<string, string>();
  /** Commands that turns have left running. */
  readonly #left = new RecentIds(REMEMBERED);
  readonly #ownMessages = new OwnMessages();

  /** `wakes` wakes the readers of all threads together. */
  constructor(threadId: string, events: TurnRecordEvents, wakes?: Wakes) {
    this.#threadId = threadId;
    this.#events = events;
    this.#wakes = wakes;
  }

  /** Whether something listens to all notifications of every turn. */
  areShown = false;

  get(turnId: string): TurnRecord | undefined {
    return this.#live.get(turnId) ?? this.#candidates.get(turnId);
  }

  /** Whether the turn is live, has ended lately, or was started by this program. */
  knows(turnId: string): boolean {
    return this.get(turnId) !== undefined || this.#ended.has(turnId) || this.#begun.has(turnId);
  }

  /** Whether the turn has ended, and no start in progress can be its own. */
  isOver(turnId: string): boolean {
    return this.get(turnId) === undefined && this.#ended.has(turnId);
  }

  /** Whether the turn has ended lately. */
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
    // Its beginning was missed, and later items don't begin it again.
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

  /** The turn that this client has started. */
  claim(turnId: string, clientMessageId: string | undefined): TurnRecord {
    const record = this.get(turnId) ?? this.#make(turnId, true);
    record.claim(clientMessageId);
    this.#begun.add(turnId);
    if (clientMessageId !== undefined) this.joined.add(turnId, clientMessageId);
    this.#events.learned();
    return record;
  }

  /** A running turn for which the user wants a handle. */
  follow(turnId: string): TurnRecord {
    const record = this.get(turnId) ?? this.#make(turnId, true);
    record.follow();
    return record;
  }

  /** There is a new connection: what the turns' items did in the meantime was missed. */
  missed(): void {
    for (const record of this.#live.values()) record.cut();
    this.goal.missed();
  }

  /** The turn names the turn that it works for. The turns that clients start name themselves. */
  hasRoot(turnId: string, rootTurnId: unknown): void {
    if (typeof rootTurnId !== "string") return;
    this.#roots.set(turnId, rootTurnId);
    keepNewest(this.#roots, REMEMBERED);
  }

  /** The turn that this one works for, if that is known. */
  rootOf(turnId: string): string | undefined {
    return this.#roots.get(turnId);
  }

  /** Whether it is known how the turn began. */
  knowsBeginning(turnId: string): boolean {
    if (this.get(turnId)?.opening.wasSeen || this.#begun.has(turnId)) return true;
    return this.#known.has(turnId) || this.#others.has(turnId) || this.#ours.has(turnId);
  }

  /**
   * Applies a turn from the server's list. Returns whether it shows how the turn began, and so who
   * owns it.
   */
  learn({ id, items, rootTurnId }: WireTurn): boolean {
    const opening = new TurnOpening();
    for (const item of items ?? []) opening.see("item/completed", { item });
    this.hasRoot(id, rootTurnId);
    if (this.#ownMessages.has(opening.messageId)) this.#begun.add(id);
    else if (opening.isKnown) this.#note(id, opening);
    this.#events.learned();
    return opening.isKnown;
  }

  /**
   * Whether this program has started the turn, by a request, a message or a goal, even if it has
   * been given up since.
   */
  isOurs(turnId: string): boolean {
    if (this.#isStartedByUs(turnId)) return true;
    return this.get(turnId)?.opening.hasNoMessage === true && this.#worksOnOwnGoal(turnId);
  }

  /** Whether another client has started the turn, even on this client's sub-agent. */
  isAnothers(turnId: string): boolean {
    if (this.#isStartedByUs(turnId)) return false;
    const opening = this.get(turnId)?.opening;
    return this.#others.has(turnId) || (opening?.wasSeen === true && this.#shows(turnId, opening));
  }

  hasOurs(): boolean {
    return [...this.#live.keys()].some((id) => this.isOurs(id));
  }

  /**
   * There is no more start in progress: the turns that could have belonged to it are other
   * clients', and some of them are over.
   */
  forgetCandidates(): void {
    this.#candidates.clear();
    const over = this.#idleSince;
    this.#idleSince = [];
    for (const record of over) if (!record.isOwn) record.drop();
  }

  ended(record: TurnRecord): void {
    if (record.opening.wasSeen) this.#note(record.turnId, record.opening);
    this.#ownMessages.ended(record.opening.messageId);
    if (this.#live.get(record.turnId) === record) this.#live.delete(record.turnId);
    for (const id of record.openCommands()) this.#left.add(id);
    // A turn that was given up appears again if it is still running.
    if (!record.isGivenUp) this.#ended.add(record.turnId);
  }

  /** Whether an earlier turn has left this command running. */
  hasLeft(itemId: string): boolean {
    return this.#left.has(itemId);
  }

  /** A request of this program has sent this message. */
  sentMessage(id: string): void {
    this.#ownMessages.sent(id);
  }

  /** The turn is being stopped, together with everything that it started. */
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
   * Drops other clients' turns that were seen to start: the thread is idle, so they are over. A
   * turn that may be this client's, because the id in its response hasn't arrived, is kept until
   * that is known.
   */
  dropForeign(): void {
    for (const record of this.#live.values()) {
      if (record.isAwaited) continue;
      if (!this.#candidates.has(record.turnId)) record.drop();
      else if (!this.#idleSince.includes(record)) this.#idleSince.push(record);
    }
  }

  failAll(reason: Error): void {
    for (const record of [...this.#live.values()]) record.fail(reason);
    this.goal.missed();
  }

  /** The server has reported the thread's goal; `turnId` if the agent has set or reported it in a turn. */
  sawGoal(goal: unknown, turnId: string | undefined): void {
    this.goal.reported(goal, turnId, (id, isFollowed) =>
      isFollowed ? this.isOurs(id) : this.#isStartedByUs(id),
    );
  }

  #isStartedByUs(turnId: string): boolean {
    const record = this.get(turnId);
    if (record && this.#isMerged(turnId, record.opening)) return false;
    if (record?.isOwn || this.#begun.has(turnId) || this.#ours.has(turnId)) return true;
    return this.#ownMessages.has(record?.opening.message?.id);
  }

  #isMerged(turnId: string, opening: TurnOpening): boolean {
    return this.joined.isAnothers(turnId, opening, {
      isOwnMessage: (id) => this.#ownMessages.has(id),
      rootTurnId: this.#roots.get(turnId),
      hasOthersGoal: () => this.goal.isOthers((id) => id !== turnId && this.#isStartedByUs(id)),
    });
  }

  /** Whether a turn without a message works on a goal of this program, and for no other turn. */
  #worksOnOwnGoal(turnId: string): boolean {
    if ((this.#roots.get(turnId) ?? turnId) !== turnId) return false;
    return this.goal.isOurs((id) => this.#isStartedByUs(id));
  }

  /**
   * Whether this opening shows that another client has started the turn. An opening without a client's
   * id comes from an agent, unless the turn names itself as the one that it works for.
   */
  #shows(turnId: string, { isKnown, isMessage, messageId }: TurnOpening): boolean {
    if (messageId !== undefined) return !this.#ownMessages.has(messageId);
    if (!isKnown || this.#roots.get(turnId) !== turnId) return false;
    return isMessage || !this.#worksOnOwnGoal(turnId);
  }

  /** Remembers whose the turn is, as far as this opening shows it. */
  #note(turnId: string, opening: TurnOpening): void {
    if (this.#isMerged(turnId, opening)) this.#begun.delete(turnId);
    const isOnOwnGoal = opening.isKnown && !opening.isMessage && this.#worksOnOwnGoal(turnId);
    if (isOnOwnGoal || this.#isStartedByUs(turnId)) this.#ours.add(turnId);
    else if (this.#shows(turnId, opening)) this.#others.add(turnId);
    else this.#known.add(turnId);
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
