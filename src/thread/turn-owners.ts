import type { Turn as WireTurn } from "../protocol/index.ts";
import { TurnOpening } from "../turn/turn-opening.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { keepNewest } from "../util/keep-newest.ts";
import { RecentIds } from "../util/recent-ids.ts";
import { GoalOwner } from "./goal-owner.ts";
import { JoinedTurns } from "./joined-turns.ts";
import { OwnMessages } from "./own-messages.ts";

/** The number of turns of each kind that are remembered. */
const REMEMBERED = 64;

/**
 * Which client each turn of a thread belongs to: the one whose request, message or goal has started it. The
 * thread's family decides about turns that work for another turn.
 */
export class TurnOwners {
  /** Whose goal the thread has. */
  readonly goal: GoalOwner = new GoalOwner();
  /** Turns that requests of this program have started. */
  readonly #begun = new RecentIds(REMEMBERED);
  /** Turns whose request the server may have merged into another client's turn. */
  readonly joined: JoinedTurns = new JoinedTurns();
  /** Turns without a record that belong to this program, although none of its requests returned them. */
  readonly #ours = new RecentIds(REMEMBERED);
  /** Turns without a record that another client has started. */
  readonly #others = new RecentIds(REMEMBERED);
  /** Turns without a record whose beginning is known. */
  readonly #known = new RecentIds(REMEMBERED);
  /** For each turn, by its id, the turn that it works for. */
  readonly #roots = new Map<string, string>();
  readonly #ownMessages = new OwnMessages();
  readonly #recordOf: (turnId: string) => TurnRecord | undefined;
  readonly #learned: () => void;

  /** `recordOf`: the record of a turn that hasn't ended. `learned` is called when more is known. */
  constructor(recordOf: (turnId: string) => TurnRecord | undefined, learned: () => void) {
    this.#recordOf = recordOf;
    this.#learned = learned;
  }

  /** A request of this program has started this turn: the server returned it, or no other turn is possible. */
  claimed(turnId: string, clientMessageId: string | undefined): void {
    this.#begun.add(turnId);
    if (clientMessageId !== undefined) this.joined.add(turnId, clientMessageId);
    this.#learned();
  }

  hasBegun(turnId: string): boolean {
    return this.#begun.has(turnId);
  }

  /** A request of this program with these params has sent this message. */
  sentMessage(id: string, { toolOutput }: { readonly toolOutput?: unknown }): void {
    this.#ownMessages.sent(id, { isOutput: toolOutput != null });
  }

  /**
   * Other clients' actions were missed. Later reports may be about a different goal than the one that these turns
   * work on.
   */
  missed(live: Iterable<TurnRecord>): void {
    for (const { opening, turnId } of live) {
      if (opening.isKnown && opening.wasSeen) this.#note(turnId, opening);
    }
    this.goal.missed();
  }

  ended({ opening, turnId }: TurnRecord): void {
    if (opening.wasSeen) this.#note(turnId, opening);
    this.#ownMessages.ended(opening.messageId);
  }

  /** The server has reported the turn that this turn works for. Turns that clients start work for themselves. */
  hasRoot(turnId: string, rootTurnId: unknown): void {
    if (typeof rootTurnId !== "string") return;
    this.#roots.set(turnId, rootTurnId);
    keepNewest(this.#roots, REMEMBERED);
  }

  /** The turn that this one works for, if that is known. */
  rootOf(turnId: string): string | undefined {
    return this.#roots.get(turnId);
  }

  /** Whether the client knows how the turn began. */
  knowsBeginning(turnId: string): boolean {
    if (this.#recordOf(turnId)?.opening.wasSeen || this.#begun.has(turnId)) return true;
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
    this.#learned();
    return opening.isKnown;
  }

  /** Whether a request, a message or a goal of this program has started the turn, even if it was abandoned. */
  isOurs(turnId: string): boolean {
    if (this.#isStartedByUs(turnId)) return true;
    return this.#recordOf(turnId)?.opening.hasNoMessage === true && this.#worksOnOwnGoal(turnId);
  }

  /** Whether a request or a message of this program has started the turn, rather than a goal. */
  isRequested(turnId: string): boolean {
    const record = this.#recordOf(turnId);
    if (record && this.#isMerged(turnId, record.opening)) return false;
    if (record?.isOwn || this.#begun.has(turnId)) return true;
    return this.#ownMessages.has(record?.opening.message?.id);
  }

  /** Whether another client has started the turn, even on this client's sub-agent. */
  isAnothers(turnId: string): boolean {
    if (this.#isStartedByUs(turnId)) return false;
    const opening = this.#recordOf(turnId)?.opening;
    return this.#others.has(turnId) || (opening?.wasSeen === true && this.#shows(turnId, opening));
  }

  /** The server has reported the thread's goal; `turnId` if the agent has set or reported it in a turn. */
  sawGoal(goal: unknown, turnId: string | undefined): void {
    this.goal.reported(goal, turnId, (id, isFollowed) =>
      isFollowed ? this.isOurs(id) : this.#isStartedByUs(id),
    );
  }

  #isStartedByUs(turnId: string): boolean {
    if (this.isRequested(turnId)) return true;
    const record = this.#recordOf(turnId);
    return this.#ours.has(turnId) && !(record && this.#isMerged(turnId, record.opening));
  }

  #isMerged(turnId: string, opening: TurnOpening): boolean {
    return this.joined.isAnothers(turnId, opening, {
      isOwnMessage: (id) => this.#ownMessages.has(id),
      isOwnOutput: (id) => this.#ownMessages.isOutput(id),
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
   * Whether this opening shows that another client has started the turn. If its message has no client-side id, an
   * agent has started the turn, unless the turn's root is the turn itself.
   */
  #shows(turnId: string, { isKnown, isMessage, messageId }: TurnOpening): boolean {
    if (messageId !== undefined) return !this.#ownMessages.has(messageId);
    if (!isKnown || this.#roots.get(turnId) !== turnId) return false;
    return isMessage || !this.#worksOnOwnGoal(turnId);
  }

  /** Remembers the turn's owner, if this opening shows it. */
  #note(turnId: string, opening: TurnOpening): void {
    if (this.#isMerged(turnId, opening)) this.#begun.delete(turnId);
    const isOnOwnGoal = opening.isKnown && !opening.isMessage && this.#worksOnOwnGoal(turnId);
    if (isOnOwnGoal || this.#isStartedByUs(turnId)) this.#ours.add(turnId);
    else if (this.#shows(turnId, opening)) this.#others.add(turnId);
    else this.#known.add(turnId);
  }
}
