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
 * The turns that were returned for requests of this program. The server may have merged a request into another
 * client's turn; the beginning of the turn shows whether it has.
 */
export class JoinedTurns {
  /** The id of the request's message, if it has one, by the id of the turn. */
  readonly #requests = new Map<string, string | undefined>();

  /**
   * The server has returned this turn for a request, or will probably do so. The request had this message, or none.
   */
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
    // The turn names another turn that it works for, so an agent started it.
    if (opening.isKnown && rootTurnId !== undefined && rootTurnId !== turnId) return true;
    if (opening.isToolOutput) return own === undefined || !known.isOwnOutput(own);
    // The message has no id. Servers that report root turns also report the ids that clients give to messages, so
    // another client sent this message without one.
    if (opening.isAnonymous) return rootTurnId === turnId;
    return opening.isUnasked && known.hasOthersGoal();
  }
}
