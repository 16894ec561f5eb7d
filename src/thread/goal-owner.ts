import { isRecord } from "../util/describe.ts";

/** Whose goal a thread has: the turns that work on it start without a message. */
export class GoalOwner {
  /** The objective that this program has set or resumed last. */
  #own: string | undefined;
  /** The objective that the server has reported last, with the turn that has set it, if one has. */
  #current: { readonly objective: string; readonly turnId: string | undefined } | undefined;

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
  }

  /** The goal of any client; `turnId` if the agent has set or reported it in a turn. */
  reported(goal: unknown, turnId: string | undefined): void {
    const objective = objectiveOf(goal);
    if (objective === undefined || objective === this.#current?.objective) return;
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
    return objective === this.#own || (turnId !== undefined && isOurs(turnId));
  }
}

function objectiveOf(goal: unknown): string | undefined {
  const objective = isRecord(goal) ? goal.objective : undefined;
  return typeof objective === "string" ? objective : undefined;
}
