import type { Notification } from "../../rpc/messages.ts";
import { isRecord } from "../../util/describe.ts";

/** Follows a turn's events, and completes them if the fleet, rather than the server, ended the turn. */
export class FailedTurn {
  /** The server's turn, if it has started and hasn't ended. */
  #open: { readonly threadId: string; readonly turnId: string } | undefined;

  follow({ method, params }: Notification): void {
    if (!isRecord(params) || !isRecord(params.turn)) return;
    if (method === "turn/completed") this.#open = undefined;
    if (method !== "turn/started") return;
    this.#open = { threadId: String(params.threadId), turnId: String(params.turn.id) };
  }

  /**
   * The event that ends the turn. If the server never received the turn, the event has the turn's
   * id in the fleet, and no thread id. `at`: when it ended, as Unix time in milliseconds.
   */
  end(turn: string, message: string, at: number): Notification {
    const { threadId, turnId } = this.#open ?? { threadId: "", turnId: turn };
    const error = { message, codexErrorInfo: null, additionalDetails: null, misalignment: null };
    const seconds = Math.floor(at / 1000);
    return {
      method: "turn/completed",
      params: {
        threadId,
        turn: {
          ...{ id: turnId, status: "failed", error, items: [], itemsView: "notLoaded" },
          ...{ startedAt: seconds, completedAt: seconds, durationMs: null },
        },
      },
    };
  }
}
