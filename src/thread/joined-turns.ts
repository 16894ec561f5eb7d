import type { TurnOpening } from "../turn/turn-opening.ts";
import { keepNewest } from "../util/keep-newest.ts";

/** The number of turns that are remembered. */
const REMEMBERED = 64;

/** What is known about the thread of a turn. */
interface Known {
  /** Whether a request of this program has sent this message. */
  isOwnMessage(id: string): boolean;
  /** Whether that request had the output of a tool instead of a message. */
  isOwnOutput(id: string): boolean;
  /** The turn that this one works for. */
  readonly rootTurnId: string | undefined;
  /** Whether the thread has a goal of another client. */
  hasOthersGoal(): boolean;
}

/**
 * The turns that requests of this program have started, unless the server has merged the request into
 * another client's turn: how the turn began shows which.
 */
export class JoinedTurns {
  /** The id of the request's message, if it has one, by the id of the turn. */
  readonly #requests = new Map<string, string | undefined>();

  /** A request with this message, or with none, was answered with this turn, or expects it. */
  add(turnId: string, clientMessageId: string | undefined): void {
    this.#requests.set(turnId, clientMessageId);
    keepNewest(this.#requests, REMEMBERED);
  }

  /** Whether another client's message or goal started the turn, and this program's request joined it. */
  isAnothers(turnId: string, opening: TurnOpening, known: Known): boolean {
    if (!this.#requests.has(turnId)) return false;
    const own = this.#requests.get(turnId);
    const first = opening.message?.id;
    if (first !== undefined) return first !== own && !known.isOwnMessage(first);
    const { rootTurnId } = known;
    // An agent started it, for that turn.
    if (opening.isKnown && rootTurnId !== undefined && rootTurnId !== turnId) return true;
    if (opening.isToolOutput) return own === undefined || !known.isOwnOutput(own);
    // A server that names the root of each turn also reports the ids of messages.
    if (opening.isAnonymous) return rootTurnId === turnId;
    return opening.isUnasked && known.hasOthersGoal();
  }
}
