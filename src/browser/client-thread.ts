import type {
  HandlerInput,
  InterruptedTurn,
  StartedTurn,
  StartTurn,
  SteerTurn,
} from "../bridge/messages.ts";
import { ClientTimeline } from "./client-timeline.ts";
import type { CallOptions, Connection } from "./connection.ts";

export interface ClientTurnOptions extends CallOptions {
  /** If a turn is running: wait until it ends, or add the input to it. Default "wait". */
  readonly ifRunning?: "wait" | "steer" | undefined;
  /** Passed to the handler's `turnOptions`, which decides what to use. */
  readonly options?: unknown;
}

/** A thread of the handler's program. */
export class ClientThread {
  readonly id: string;
  readonly #connection: Connection;

  /** Created by `CodexClient.thread` and `threadStart`. */
  constructor(connection: Connection, id: string) {
    this.id = id;
    this.#connection = connection;
  }

  /**
   * Starts a turn. Resolves when the server has accepted it; the timeline shows what happens.
   * @throws HandlerError if the handler refuses, or doesn't answer.
   */
  turn(input: HandlerInput, options: ClientTurnOptions = {}): Promise<StartedTurn> {
    const { signal, ifRunning, options: asked } = options;
    const body: StartTurn = { input, ...(ifRunning && { ifRunning }), options: asked };
    return this.#connection.post({ kind: "turns", threadId: this.id }, body, { signal });
  }

  /**
   * Adds input to the running turn.
   * @throws HandlerError with the code "NO_TURN" if no running turn accepts input.
   */
  steer(input: HandlerInput, options: CallOptions = {}): Promise<StartedTurn> {
    const body: SteerTurn = { input };
    return this.#connection.post({ kind: "steer", threadId: this.id }, body, options);
  }

  /** Interrupts the running turn, if there is one. */
  interrupt(options: CallOptions = {}): Promise<InterruptedTurn> {
    return this.#connection.post({ kind: "interrupt", threadId: this.id }, {}, options);
  }

  /**
   * Returns the thread in a form that is ready to render, kept up to date. Close it when it is no longer shown.
   */
  timeline(): ClientTimeline {
    return new ClientTimeline(this.#connection, this.id);
  }
}
