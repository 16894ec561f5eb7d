import { isRecord } from "../util/describe.ts";
import { keepNewest } from "../util/keep-newest.ts";

const MAX_ASKED = 16;

/**
 * Tracks which client set a thread's goal. Turns that work on the goal start without a message, so
 * nothing else shows whose turns they are.
 */
export class GoalOwner {
  /** The objective that this program last set or resumed. */
  #own: string | undefined;
  /** The objectives of requests that the server hasn't answered, or will never answer. */
  readonly #asked = new Set<string>();
  /** The objective that the server last reported, with the turn that set it, if one did. */
  #current: { readonly objective: string; readonly turnId: string | undefined } | undefined;
  /** Whether another client may have set another goal since. */
  #hasMissed = false;
  /** Whether the goal was last reported as active. */
  #isActive = false;

  /** Notes that actions of other clients may have been missed. */
  missed(): void {
    this.#hasMissed = true;
  }

  /** Notes that the server doesn't have the thread loaded, so it starts no turns for the goal. */
  unloaded(): void {
    this.#isActive = false;
  }

  /**
   * Notes that this program is sending a request that sets the goal. Without an objective, it changes the current one. Returns
   * a function that must be called once the server has answered the request, or has refused it.
   */
  asks({ objective, status }: Readonly<Record<string, unknown>>): () => void {
    const resumed = status === "active" ? (this.#current?.objective ?? this.#own) : undefined;
    const asked = typeof objective === "string" ? objective : resumed;
    if (asked === undefined) return () => {};
    this.#asked.add(asked);
    keepNewest(this.#asked, MAX_ASKED);
    return () => this.#asked.delete(asked);
  }

  /** Takes the server's answer to that request: the goal is now active. */
  answered(goal: unknown): void {
    const objective = objectiveOf(goal);
    if (objective === undefined) return;
    this.#own = objective;
    this.#current = { objective, turnId: undefined };
    this.#hasMissed = false;
    this.#isActive = true;
  }

  /**
   * Takes a goal that the server has reported, and that any client may have set. `turnId`: the turn in which the agent set or
   * reported it. `isOurs` returns whether that turn is this program's; with `isFollowed`, a turn that works on the
   * replaced goal counts too.
   */
  reported(
    goal: unknown,
    turnId: string | undefined,
    isOurs: (turnId: string, isFollowed: boolean) => boolean,
  ): void {
    this.#isActive = isRecord(goal) && goal.status === "active";
    const objective = objectiveOf(goal);
    if (objective === undefined) {
      // There is no goal now. A turn that began in the meantime may have worked on a missed one.
      if (this.#hasMissed) {
        this.#own = undefined;
        this.#current = undefined;
      }
      this.#hasMissed = false;
      return;
    }
    const isFollowed = this.#current !== undefined && !this.#hasMissed;
    this.#hasMissed = false;
    if (objective === this.#current?.objective) return;
    if (turnId !== undefined && isOurs(turnId, isFollowed)) this.#own = objective;
    this.#current = { objective, turnId };
  }

  /** Whether there is a goal that neither this program nor one of its turns has set. */
  isOthers(isOurs: (turnId: string) => boolean): boolean {
    return this.#current !== undefined && !this.isOurs(isOurs);
  }

  /** Whether a turn that begins now may work on a goal that this program hasn't been notified of. */
  get isUnclear(): boolean {
    return this.#hasMissed;
  }

  /** Whether the goal was set by this program, or by a turn for which `isOurs` returns true. */
  isOurs(isOurs: (turnId: string) => boolean): boolean {
    return !this.#hasMissed && this.#wasOurs(isOurs);
  }

  /** Whether the server may start turns for this program's goal at any moment. */
  mayStartTurns(isOurs: (turnId: string) => boolean): boolean {
    return this.#isActive && this.#wasOurs(isOurs);
  }

  /** Whether the goal was this program's when it was last reported. */
  #wasOurs(isOurs: (turnId: string) => boolean): boolean {
    if (this.#current === undefined) return this.#own !== undefined || this.#asked.size > 0;
    const { objective, turnId } = this.#current;
    // Remembered as this program's goal, because the turn may be forgotten before the goal is reached.
    if (turnId !== undefined && isOurs(turnId)) this.#own = objective;
    return objective === this.#own || this.#asked.has(objective);
  }
}

function objectiveOf(goal: unknown): string | undefined {
  const objective = isRecord(goal) ? goal.objective : undefined;
  return typeof objective === "string" ? objective : undefined;
}
