import type { Turn as WireTurn } from "../protocol/index.ts";
import { TurnOpening } from "../turn/turn-opening.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { keepNewest } from "../util/keep-newest.ts";
import { GoalOwner } from "./goal-owner.ts";
import { OwnMessages } from "./own-messages.ts";

/** The number of turns that are remembered: a sub-agent can work for a turn long after its end. */
const REMEMBERED = 1_000;

/**
 * What started a turn: a request, a message or the goal of this program, another client, or an agent that
 * works for another turn. `unclear`: the client knows how the turn began, but that doesn't show who started it.
 * `unknown`: the turn's beginning was missed, or hasn't arrived yet.
 */
type Starter = "our request" | "our goal" | "another client" | "an agent" | "unclear" | "unknown";

/** A request of this program that has started a turn: the server returned the turn, or no other turn is possible. */
interface OwnRequest {
  /** The id of its message, if it has one. */
  readonly messageId: string | undefined;
  /** Whether the server may have merged it into a turn that was already running. */
  readonly mayHaveJoined: boolean;
}

/** What is known about a turn. */
interface Evidence {
  request?: OwnRequest;
  /** The turn that this one works for. A turn that a client has started works for itself. */
  rootTurnId?: string;
  /** How the turn began, according to the server's list. */
  listed?: TurnOpening | undefined;
  /** The starter, if no later report can change it. */
  decided?: Starter;
}

const NOTHING: Evidence = {};

/**
 * Which client each turn of a thread belongs to: the one whose request, message or goal has started it. The
 * thread's family decides about turns that work for another turn.
 */
export class TurnOwners {
  /** Whose goal the thread has. */
  readonly goal: GoalOwner = new GoalOwner();
  readonly #messages = new OwnMessages();
  /** What is known about each turn, by its id. */
  readonly #evidence = new Map<string, Evidence>();
  readonly #recordOf: (turnId: string) => TurnRecord | undefined;
  readonly #learned: () => void;

  /** `recordOf`: the record of a turn that hasn't ended. `learned` is called when more is known. */
  constructor(recordOf: (turnId: string) => TurnRecord | undefined, learned: () => void) {
    this.#recordOf = recordOf;
    this.#learned = learned;
  }

  /** Notes that a request of this program with these params has sent this message. */
  sentMessage(id: string, { toolOutput }: { readonly toolOutput?: unknown }): void {
    this.#messages.sent(id, { isOutput: toolOutput != null });
  }

  /** Notes that a request of this program has started this turn: the server returned it, or no other turn is possible. */
  claimed(turnId: string, messageId: string | undefined): void {
    const evidence = this.#note(turnId);
    if (messageId !== undefined) evidence.request = { messageId, mayHaveJoined: true };
    evidence.request ??= { messageId, mayHaveJoined: false };
    this.#learned();
  }

  /**
   * Notes that the server may have merged the request into this turn, if another client has started
   * it. Called before `claimed`.
   */
  mayHaveJoined(turnId: string, messageId: string | undefined): void {
    this.#note(turnId).request = { messageId, mayHaveJoined: true };
  }

  isClaimed(turnId: string): boolean {
    return this.#known(turnId).request !== undefined;
  }

  /** Notes that the server has reported the turn that this turn works for. */
  hasRoot(turnId: string, rootTurnId: unknown): void {
    if (typeof rootTurnId === "string") this.#note(turnId).rootTurnId = rootTurnId;
  }

  /** The turn that this one works for, if that is known. */
  rootOf(turnId: string): string | undefined {
    return this.#known(turnId).rootTurnId;
  }

  /**
   * Applies a turn from the server's list. Returns whether it shows how the turn began, and so who
   * owns it. `isWritten`: a message that isn't listed now didn't start the turn.
   */
  learn(
    {
      id,
      items,
      rootTurnId,
    }: Pick<WireTurn, "id"> & Partial<Pick<WireTurn, "items" | "rootTurnId">>,
    options: { readonly isWritten?: boolean } = {},
  ): boolean {
    const opening = TurnOpening.ofListed(items ?? [], options);
    this.hasRoot(id, rootTurnId);
    if (opening.isKnown) this.#note(id).listed = opening;
    this.#learned();
    return opening.isKnown;
  }

  /** Notes the goal that the server has reported; `turnId` if the agent has set or reported it in a turn. */
  sawGoal(goal: unknown, turnId: string | undefined): void {
    this.goal.reported(goal, turnId, (id, isFollowed) =>
      isFollowed ? this.isOurs(id) : this.#isShownAsOurs(id),
    );
    this.#learned();
  }

  /**
   * Notes that other clients' actions were missed. Later reports may be about a different goal than the one that these turns
   * work on.
   */
  missed(live: Iterable<TurnRecord>): void {
    for (const { opening, turnId } of live) {
      const isOpen = opening.isMessage || opening.isUnasked;
      if (isOpen && this.isOurs(turnId)) this.#decide(turnId);
    }
    this.goal.missed();
  }

  /** Notes that the turn has ended: later goals don't affect its owner. */
  ended({ opening, turnId }: TurnRecord): void {
    if (this.#openingOf(turnId)?.wasSeen) this.#decide(turnId);
    this.#messages.ended(opening.messageId);
  }

  /** Whether the server may start turns for this program's goal at any moment. */
  get expectsGoalTurns(): boolean {
    return this.goal.mayStartTurns((id) => this.#isShownAsOurs(id));
  }

  /** Whether a request, a message or a goal of this program has started the turn, even if it was abandoned. */
  isOurs(turnId: string): boolean {
    const starter = this.#starterOf(turnId);
    return starter === "our request" || starter === "our goal";
  }

  /** Whether a request or a message of this program has started the turn, rather than a goal. */
  isRequested(turnId: string): boolean {
    return this.#starterOf(turnId) === "our request";
  }

  /** Whether another client has started the turn, even on this client's sub-agent. */
  isAnothers(turnId: string): boolean {
    return this.#starterOf(turnId) === "another client";
  }

  /** Whether the client knows how the turn began. */
  knowsBeginning(turnId: string): boolean {
    return this.#starterOf(turnId) !== "unknown";
  }

  #starterOf(turnId: string): Starter {
    const shown = this.#shownStarterOf(turnId);
    if (shown) return shown;
    if (this.goal.isUnclear) return "unknown";
    if (this.goal.isOurs((id) => this.#isShownAsOurs(id))) return "our goal";
    const isKnown = this.#openingOf(turnId)?.isKnown === true;
    return isKnown && this.rootOf(turnId) === turnId ? "another client" : "unclear";
  }

  /** What started the turn; undefined if this depends on who owns the thread's goal. */
  #shownStarterOf(turnId: string): Starter | undefined {
    const { decided, request, rootTurnId } = this.#known(turnId);
    if (decided) return decided;
    const opening = this.#openingOf(turnId);
    const isByAgent = rootTurnId !== undefined && rootTurnId !== turnId;
    const messageId = opening?.wasSeen ? opening.messageId : undefined;
    if (this.#messages.has(messageId)) return "our request";
    if (request && !this.#hasJoined(turnId, request)) {
      return request.mayHaveJoined && opening?.wasMissed ? "unknown" : "our request";
    }
    if (messageId !== undefined) return "another client";
    if (isByAgent) return "an agent";
    if (!opening?.wasSeen) return "unknown";
    if (!opening.isMessage) return undefined;
    // The message has no id. Servers that report root turns also report the ids that clients give to messages, so
    // another client sent this message without one.
    return rootTurnId === turnId ? "another client" : "unclear";
  }

  /** Whether something else started the turn, and this program's request joined it. */
  #hasJoined(turnId: string, { messageId, mayHaveJoined }: OwnRequest): boolean {
    if (!mayHaveJoined) return false;
    const { rootTurnId } = this.#known(turnId);
    const opening = this.#openingOf(turnId);
    if (opening?.wasSeen && opening.messageId !== undefined) return opening.messageId !== messageId;
    if (rootTurnId !== undefined && rootTurnId !== turnId) return true;
    if (!opening?.wasSeen) return false;
    if (opening.isToolOutput) return !this.#messages.isOutput(messageId);
    if (opening.isMessage) return rootTurnId === turnId;
    const isOurs = (id: string) => id !== turnId && this.#isShownAsOurs(id);
    return opening.isUnasked && this.goal.isOthers(isOurs);
  }

  #isShownAsOurs(turnId: string): boolean {
    const starter = this.#shownStarterOf(turnId);
    return starter === "our request" || starter === "our goal";
  }

  /** The opening as this client has seen it, if it has seen all of it; otherwise the opening in the server's list. */
  #openingOf(turnId: string): TurnOpening | undefined {
    const seen = this.#recordOf(turnId)?.opening;
    return seen?.wasSeen ? seen : (this.#known(turnId).listed ?? seen);
  }

  #decide(turnId: string): void {
    const starter = this.#starterOf(turnId);
    // The server may still report whose goal the turn works on.
    if (starter === "unknown") return;
    const evidence = this.#note(turnId);
    evidence.decided = starter;
    evidence.listed = undefined;
  }

  #known(turnId: string): Readonly<Evidence> {
    return this.#evidence.get(turnId) ?? NOTHING;
  }

  #note(turnId: string): Evidence {
    const evidence = this.#evidence.get(turnId) ?? {};
    this.#evidence.delete(turnId);
    this.#evidence.set(turnId, evidence);
    keepNewest(this.#evidence, REMEMBERED);
    return evidence;
  }
}
