import type { Notification } from "../rpc/messages.ts";
import {
  begin,
  channels,
  isObserved,
  type TurnDiagnostics,
  type TurnNotificationDiagnostics,
} from "../util/channels.ts";
import { isDeltaMethod } from "./deltas.ts";
import type { TurnState } from "./fold.ts";

/** A turn as the subscribers of the diagnostics channels see it. */
export class ObservedTurn {
  readonly #threadId: string;
  readonly #turnId: string;
  #isAnnounced = false;

  constructor(threadId: string, turnId: string) {
    this.#threadId = threadId;
    this.#turnId = turnId;
  }

  /** Notes that there is a handle for the turn from now on. */
  announce(outcome: Promise<TurnState>): void {
    if (this.#isAnnounced || !isObserved(channels.turn)) return;
    this.#isAnnounced = true;
    const turn = { threadId: this.#threadId, turnId: this.#turnId };
    const end = begin<TurnDiagnostics>(channels.turn, turn);
    outcome.then(
      ({ status, error }) => end({ status, error }),
      (error: unknown) => end({ error }),
    );
  }

  publish({ method, params }: Notification): void {
    if (!channels.turn.notification.hasSubscribers || isDeltaMethod(method)) return;
    const turn = { threadId: this.#threadId, turnId: this.#turnId };
    const event: TurnNotificationDiagnostics = { ...turn, method, params };
    channels.turn.notification.publish(event);
  }
}
