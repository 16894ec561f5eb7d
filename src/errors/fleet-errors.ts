import { CodexError } from "./errors.ts";

/** Why a fleet's turn ended without a result from the server. */
export type FleetTurnFailure =
  /** The worker couldn't start the turn, because of its server, store, workspace, tools or options. */
  | "couldNotRun"
  /** Several workers were lost while they ran the turn. */
  | "workersLost"
  /** The turn's job was removed from the queue. */
  | "jobRemoved";

/** The turn ended without a result from the server. */
export class FleetTurnError extends CodexError {
  override name = "FleetTurnError";
  override readonly code = "FLEET_TURN_FAILED";
  /** The turn's id in the fleet. */
  readonly turn: string;
  readonly reason: FleetTurnFailure;

  constructor(turn: string, reason: FleetTurnFailure, message: string) {
    super(`Turn ${turn}: ${message}`);
    this.turn = turn;
    this.reason = reason;
  }
}

/** The fleet has no turn with this id: it was never submitted, or it ended so long ago that it was removed. */
export class UnknownTurnError extends CodexError {
  override name = "UnknownTurnError";
  override readonly code = "UNKNOWN_TURN";
  readonly turn: string;

  constructor(turn: string) {
    super(
      `The fleet has no turn ${turn}: it was never submitted, or it ended so long ago that it was removed`,
    );
    this.turn = turn;
  }
}
