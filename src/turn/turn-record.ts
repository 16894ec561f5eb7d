import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { EventLog } from "./event-log.ts";
import { TurnFold, type TurnState } from "./fold.ts";
import type { LogReader } from "./log-reader.ts";

/** A turn as this client knows it: what has come of it, for those who read, and how it ended. */
export class TurnRecord {
  readonly threadId: string;
  readonly turnId: string;
  readonly #fold = new TurnFold();
  readonly #log = new EventLog({ retain: true });
  readonly #started: Deferred<void> = deferred();
  readonly #ended: Deferred<TurnState> = deferred();
  #over = false;
  #completed = false;

  constructor(threadId: string, turnId: string) {
    this.threadId = threadId;
    this.turnId = turnId;
  }

  /** Resolves when the server has begun to work on the turn, or the turn is over. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Resolves when the turn has ended, however it did; rejects when its end can't be known. */
  get ended(): Promise<TurnState> {
    return this.#ended.promise;
  }

  /** Whether those who wait for the turn have been told its end. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether the server has ended the turn, or can't be asked any more. */
  get completed(): boolean {
    return this.#completed;
  }

  get state(): TurnState {
    return this.#fold.state;
  }

  item(id: string): ThreadItem | undefined {
    return this.#fold.item(id);
  }

  read(): LogReader {
    return this.#log.read();
  }

  accept(notification: Notification): void {
    if (notification.method === "turn/started") this.#started.resolve();
    if (!this.#over) {
      this.#fold.apply(notification);
      this.#log.append(notification);
    }
    if (notification.method === "turn/completed") this.#complete();
  }

  /** Ends the wait of all who wait for the turn, with this reason; on the server it goes on. */
  abandon(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#log.end(reason);
    this.#ended.reject(reason);
  }

  /** Nothing more can be known of the turn. Those who wait get this error, after what had come. */
  fail(error: Error): void {
    this.abandon(error);
    this.#complete();
  }

  #complete(): void {
    this.#started.resolve();
    this.#completed = true;
    if (this.#over) return;
    this.#over = true;
    this.#log.end();
    this.#ended.resolve(this.#fold.state);
  }
}
