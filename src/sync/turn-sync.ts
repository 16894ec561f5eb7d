import type { Notification } from "../client/notifications.ts";
import type { Turn, WaitOptions } from "../client/turn.ts";
import type { TurnResult } from "../turn/result.ts";
import type { Blocking, Result } from "./blocking.ts";
import type { Entry } from "./bridge.ts";
import { iterate } from "./remote-iterator.ts";
import type { RemoteObject } from "./remote-object.ts";

/** A `Turn` whose methods block until they can return their results. */
export class TurnSync<Output = unknown>
  implements Blocking<Turn<Output>, { thread: never; turn: never }>
{
  readonly id: string;
  readonly threadId: string;
  readonly #remote: RemoteObject;

  /**
   * Created by `ThreadSync.turn`.
   * @internal
   */
  constructor(turn: { readonly id: string; readonly threadId: string }, remote: RemoteObject) {
    this.id = turn.id;
    this.threadId = turn.threadId;
    this.#remote = remote;
  }

  /**
   * Yields the turn's notifications as they arrive, from the first up to and including `turn/completed`.
   * See `Turn.stream`.
   */
  stream(options: WaitOptions = {}): Generator<Notification, undefined> {
    return this.#iterate((entry) => this.#remote.call(entry, "stream", [options]));
  }

  /** Yields the text of the assistant's messages as it arrives. See `Turn.textStream`. */
  textStream(options: WaitOptions = {}): Generator<string, undefined> {
    return this.#iterate((entry) => this.#remote.call(entry, "textStream", [options]));
  }

  /** Waits for the turn to end, and returns its result. See `Turn.run`. */
  run(options: WaitOptions = {}): TurnResult<Output> {
    const result = this.#remote.callAbortable(this.run, "run", [options]) as TurnResult<Output>;
    this.#remote.releaseSignals();
    return result;
  }

  /** Adds input to the running turn: `turn/steer`. See `Turn.steer`. */
  steer(...args: Parameters<Turn["steer"]>): Result<Turn["steer"]> {
    return this.#remote.call(this.steer, "steer", args) as Result<Turn["steer"]>;
  }

  /** Stops the turn: `turn/interrupt`. See `Turn.interrupt`. */
  interrupt(...args: Parameters<Turn["interrupt"]>): Result<Turn["interrupt"]> {
    return this.#remote.call(this.interrupt, "interrupt", args) as Result<Turn["interrupt"]>;
  }

  #iterate<T>(open: (entry: Entry) => unknown): Generator<T, undefined> {
    return iterate(open, () => this.#remote.releaseSignals());
  }
}
