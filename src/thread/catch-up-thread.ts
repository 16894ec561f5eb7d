import type { ThreadItem, ThreadResumeResponse } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import type { LiveTurns } from "./live-turns.ts";
import type { ShownTurns } from "./shown-turns.ts";
import type { CurrentConnection } from "./thread-server.ts";

/** The parts of a thread that catching up needs. */
export interface CatchUpThread {
  readonly id: string;
  readonly profile: { readonly isEphemeral: boolean; readonly areInDoubt: boolean };
  readonly turns: LiveTurns;
  readonly family: { readonly parent: unknown };
  /** Subscribes this connection to the thread: `thread/resume`. The answer is applied in wire order. */
  resumeOn(connection: CurrentConnection): Promise<ThreadResumeResponse | undefined>;
  /** Applies what the server reports about the thread in any response. */
  inform(thread: unknown): void;
  /** The parts of a turn that have arrived while earlier ones are being fetched. */
  heldOf(turnId: string): readonly Notification[];
  /** Decides which caller may start the next turn. */
  readonly starts: {
    readonly isActive: boolean;
    readonly isStarting: boolean;
    believeActive(): void;
  };
  /** The listeners for every turn. */
  readonly shown: ShownTurns;
  /** Stops the turn if the turn that it works for has been stopped in the meantime. */
  stopIfStopped(record: TurnRecord, rootTurnId: unknown): void;
  /**
   * Adopts sub-agents that these items name: they may have started while there was no connection.
   */
  adoptMissed(turnId: string, items: readonly ThreadItem[], connection: CurrentConnection): void;
}
