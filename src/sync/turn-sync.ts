import type { Notification } from "../client/notifications.ts";
import type { Turn, WaitOptions } from "../client/turn.ts";
import type { TurnResult } from "../turn/result.ts";
import type { Blocking, Result } from "./blocking.ts";
import { iterate } from "./iterate.ts";
import type { Remote } from "./remote.ts";

/** A `Turn` whose calls block: each waits for its result and returns it. */
export class TurnSync<Output = unknown>
  implements Blocking<Turn<Output>, { thread: never; turn: never }>
{
  readonly id: string;
  readonly threadId: string;
  readonly #remote: Remote;

  /** Made by `ThreadSync.turn`. */
  constructor(turn: { readonly id: string; readonly threadId: string }, remote: Remote) {
    this.id = turn.id;
    this.threadId = turn.threadId;
    this.#remote = remote;
    remote.releaseWith(this);
  }

  /**
   * The turn's notifications, from the first up to and including `turn/completed`, each as it
   * comes. See `Turn.stream`.
   */
  stream(): Generator<Notification, undefined> {
    return iterate((entry) => this.#remote.call(entry, "stream"));
  }

  /** Only the text of the assistant's messages, as it comes. */
  textStream(): Generator<string, undefined> {
    return iterate((entry) => this.#remote.call(entry, "textStream"));
  }

  /** Waits for the turn to end, and returns its result. See `Turn.run`. */
  run(options: WaitOptions = {}): TurnResult<Output> {
    return this.#remote.callForTurn(this.run, "run", [], options) as TurnResult<Output>;
  }

  /** Adds input to the turn while it runs: `turn/steer`. See `Turn.steer`. */
  steer(...args: Parameters<Turn["steer"]>): Result<Turn["steer"]> {
    return this.#remote.call(this.steer, "steer", args) as Result<Turn["steer"]>;
  }

  /** Stops the turn: `turn/interrupt`. Returns at once when it has ended. */
  interrupt(...args: Parameters<Turn["interrupt"]>): Result<Turn["interrupt"]> {
    return this.#remote.call(this.interrupt, "interrupt", args) as Result<Turn["interrupt"]>;
  }
}
