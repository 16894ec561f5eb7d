import { CodexWarning } from "../../errors/warning.ts";
import { isRecord, messageOf } from "../../util/describe.ts";
import { turnContext } from "../turn-context.ts";
import type { WaitingRequest } from "../wire.ts";
import type { FleetContext } from "./context.ts";

/** A turn and the key of its thread. */
export interface TurnPlace {
  readonly turn: string;
  readonly key: string;
}

/**
 * An entry of a turn's requests; undefined, with a warning, for data that no process of this fleet wrote.
 * `failures` receives the cause.
 */
export function waitingRequest(
  { codec, warn }: FleetContext,
  { turn, key }: TurnPlace,
  text: string,
  failures: unknown[] = [],
): WaitingRequest | undefined {
  try {
    const request = codec.decode(text, turnContext("request", turn, key));
    return isRecord(request) ? (request as WaitingRequest) : undefined;
  } catch (cause) {
    failures.push(cause);
    const message = `A request of turn ${turn} can't be read: ${messageOf(cause)}`;
    warn(new CodexWarning("FLEET_RETRY", message, { cause }));
    return undefined;
  }
}
