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
  /** While a turn runs: wait for its end, or give it the input. Default "wait". */
  readonly ifRunning?: "wait" | "steer" | undefined;
  /** Given to the handler's `turnOptions`, which decides what counts. */
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
   * Gives the running turn more input.
   * @throws HandlerError with the code "NO_TURN" if none is running that takes input.
   */
  steer(input: HandlerInput, options: CallOptions = {}): Promise<StartedTurn> {
    const body: SteerTurn = { input };
    return this.#connection.post({ kind: "steer", threadId: this.id }, body, options);
  }

  /** Interrupts the running turn, if one is. */
  interrupt(options: CallOptions = {}): Promise<InterruptedTurn> {
    return this.#connection.post({ kind: "interrupt", threadId: this.id }, {}, options);
  }

  /** The thread as a screen can draw it, live. Close it when it is no longer shown. */
  timeline(): ClientTimeline {
    return new ClientTimeline(this.#connection, this.id);
  }
}
