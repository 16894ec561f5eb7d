import { isRecord } from "../util/describe.ts";

/** Whose goal a thread has: the turns that work on it start without a message. */
export class GoalOwner {
  /** The objective that this program has set or resumed last. */
  #own: string | undefined;
  /** The objective that the server has reported last, with the turn that has set it, if one has. */
  #current: { readonly objective: string; readonly turnId: string | undefined } | undefined;
  /** Whether another client may have set another goal since. */
  #hasMissed = false;

  /** What other clients did was missed. */
  missed(): void {
    this.#hasMissed = true;
  }

  /** A request of this program sets the goal. Without an objective, it changes the current one. */
  asks({ objective, status }: Readonly<Record<string, unknown>>): void {
    if (typeof objective === "string") this.#own = objective;
    else if (status === "active") this.#own = this.#current?.objective ?? this.#own;
  }

  /** The server has answered that request, and the goal is active. */
  answered(goal: unknown): void {
    const objective = objectiveOf(goal);
    if (objective === undefined) return;
    this.#own = objective;
    this.#current = { objective, turnId: undefined };
    this.#hasMissed = false;
  }

  /**
   * The goal of any client; `turnId` if the agent has set or reported it in a turn. `isOurs` says whether
   * that turn is this program's: with `isFollowed`, also because it works on the goal that this one replaces.
   */
  reported(
    goal: unknown,
    turnId: string | undefined,
    isOurs: (turnId: string, isFollowed: boolean) => boolean,
  ): void {
    const objective = objectiveOf(goal);
    if (objective === undefined) return;
    const isFollowed = this.#current !== undefined && !this.#hasMissed;
    this.#hasMissed = false;
    if (objective === this.#current?.objective) return;
    if (turnId !== undefined && isOurs(turnId, isFollowed)) this.#own = objective;
    this.#current = { objective, turnId };
  }

  /** Whether there is a goal that this program hasn't set, and neither has a turn of this kind. */
  isOthers(isOurs: (turnId: string) => boolean): boolean {
    return this.#current !== undefined && !this.isOurs(isOurs);
  }

  /** Whether this program set the goal, or a turn did for which `isOurs` returns true. */
  isOurs(isOurs: (turnId: string) => boolean): boolean {
    if (this.#current === undefined) return this.#own !== undefined;
    const { objective, turnId } = this.#current;
    // The turn may be forgotten before the goal is reached.
    if (turnId !== undefined && isOurs(turnId)) this.#own = objective;
    return objective === this.#own;
  }
}

function objectiveOf(goal: unknown): string | undefined {
  const objective = isRecord(goal) ? goal.objective : undefined;
  return typeof objective === "string" ? objective : undefined;
}
