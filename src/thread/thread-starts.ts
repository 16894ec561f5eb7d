import type { TurnRecord } from "../turn/turn-record.ts";
import { Activity } from "./activity.ts";
import type { Handles } from "./handles.ts";
import type { LiveTurns } from "./live-turns.ts";
import { OccupiedCheck } from "./occupied-check.ts";
import { type StartPlace, StartQueue } from "./start-queue.ts";
import { ThreadCalls } from "./thread-calls.ts";
import type { RequestOptions } from "./thread-server.ts";
import { type TurnWatcher, TurnWatchers } from "./turn-watchers.ts";

/** The slot for a thread's next turn; disposing of it releases it to the next caller. */
export interface StartSlot extends Disposable {
  /** Aborts when the thread turns out to be active: an unsent request must not be sent. */
  readonly taken: AbortSignal;
}

/** The parts of a thread that are needed to start its turns. */
export interface StartsOwner {
  readonly turns: LiveTurns;
  readonly handles: Handles;
  /** Asks the server whether the thread is active. Resolves with whether it has answered; never rejects. */
  askWhetherActive(): Promise<boolean>;
  /** Called when a start has succeeded or failed. */
  startFinished(): void;
  /** Called when the thread may have become idle and unreferenced. */
  settled(): void;
}

/**
 * Decides who may start the next turn of a thread, and when: one start at a time, in order of
 * arrival, and only while there is no sign that the thread is active.
 */
export class ThreadStarts {
  readonly #owner: StartsOwner;
  readonly #activity = new Activity();
  /** The thread's calls that must not overtake each other. */
  readonly calls: ThreadCalls = new ThreadCalls(() => this.update());
  readonly #queue = new StartQueue(this.calls, () => this.update());
  readonly #watchers = new TurnWatchers();
  readonly #occupied: OccupiedCheck;
  #refusal: Error | undefined;
  /** Whether the server's own queue has changed since the refusal. */
  #hasQueueChanged = false;
  /** Aborts when the thread is no longer free for the holder of the slot. */
  #slot: AbortController | undefined;

  constructor(owner: StartsOwner) {
    this.#owner = owner;
    this.#occupied = new OccupiedCheck(() => owner.askWhetherActive());
  }

  /** The reason why no start is admitted until the thread is resumed. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** Whether the server last reported the thread as active. */
  get isActive(): boolean {
    return this.#activity.isActive;
  }

  /** Counts the starts of this client: an answer to an earlier question doesn't include them. */
  get changes(): number {
    return this.#activity.changes;
  }

  /** Counts the signs of a running turn. */
  get signs(): number {
    return this.#activity.signs;
  }

  /** Whether a start of this client is in progress. */
  get isStarting(): boolean {
    return this.#activity.isStarting;
  }

  /** Whether the thread is active, or about to be, or a caller waits until it is free. */
  get isAtWork(): boolean {
    return this.#isBusy || this.#queue.isWaitedFor;
  }

  /** Whether a caller has a place in the order of starts, or of other calls. */
  get isWanted(): boolean {
    return !this.#queue.isEmpty || !this.calls.isEmpty;
  }

  /** Whether the holder of the slot may start a turn now. */
  get isFree(): boolean {
    return !this.#activity.isOccupied && this.#owner.turns.size === 0;
  }

  /** Takes the last place in the order of starts. Dispose of it when the start is over. */
  join({ timeoutMs }: RequestOptions = {}): StartPlace {
    return this.#queue.join(timeoutMs !== undefined);
  }

  /**
   * Waits until the thread is free and all callers with an earlier place are done. Rejects with the
   * signal's reason, or with the reason why the thread admits no turns.
   */
  async acquire(place: StartPlace, signal?: AbortSignal): Promise<StartSlot> {
    signal?.throwIfAborted();
    if (this.#refusal) throw this.#refusal;
    if (this.#isBusy || !this.#queue.isFirst(place)) {
      const admitted = this.#queue.wait(place, signal);
      this.update();
      await admitted;
    } else {
      this.#activity.begin();
    }
    let released = false;
    const taken = new AbortController();
    this.#slot = taken;
    return {
      taken: taken.signal,
      [Symbol.dispose]: () => {
        if (released) return;
        released = true;
        this.#slot = undefined;
        this.#activity.finish();
        this.#owner.startFinished();
        this.update();
      },
    };
  }

  /**
   * Waits for the next turn that starts on the thread. Call it before sending the request that starts the
   * turn, and dispose of it when it isn't needed.
   */
  nextTurn(): TurnWatcher {
    const watcher = this.#watchers.add();
    this.update();
    return watcher;
  }

  /**
   * Notes that a request has started a turn, or will soon, and that its response doesn't name the turn.
   */
  expectTurn(): void {
    if (this.#refusal) return;
    this.#activity.expectTurn();
    this.update();
  }

  /** Holds starts back while `work` waits for an answer about whether the thread is active. */
  async whileAsking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#activity.whileAsking(work);
    } finally {
      this.update();
    }
  }

  /** Applies the status that the server reported, unprompted or as an answer. */
  report(type: unknown, asked: boolean): void {
    // The end of a turn doesn't arrive for a thread that was unsubscribed from; resuming it returns
    // its status.
    if (!this.#refusal) this.#activity.report(type === "active", asked || type === "notLoaded");
    this.update();
  }

  /**
   * Notes that the server didn't report how a turn ended. Starts wait until it reports that the thread is idle.
   */
  believeActive(): void {
    if (!this.#refusal) this.#activity.believeActive();
    this.update();
  }

  /**
   * Notes that the server was asked, and reports that the thread is idle: earlier information is out of date.
   */
  confirmIdle(): void {
    this.#activity.reset();
    this.#watchers.resolve(undefined);
    this.update();
  }

  /** Notes that a turn has started. `mayBeAwaited`: a caller's request for the next turn may have started it. */
  sawStart(record: TurnRecord, { mayBeAwaited }: { readonly mayBeAwaited: boolean }): void {
    this.#activity.saw();
    if (mayBeAwaited) {
      if (!this.#watchers.isEmpty) {
        this.#owner.turns.owners.mayHaveJoined(record.turnId, undefined);
        this.#owner.turns.claim(record.turnId, undefined);
      }
      this.#watchers.resolve(record);
    }
    this.#checkSlot();
  }

  /** Notes that a turn has ended. */
  sawEnd(isInterrupted: boolean): void {
    this.#activity.sawEnd(isInterrupted);
  }

  /** Notes that the server's own queue has changed. Returns whether its content must be fetched. */
  queueChanged(): boolean {
    if (this.#refusal) this.#hasQueueChanged = true;
    else this.#activity.queueChanged();
    this.update();
    return !this.#refusal;
  }

  queueIsEmpty(): void {
    this.#activity.queueIsEmpty();
  }

  /** Notes that the connection was lost: the known activity is out of date. */
  connectionLost(reason: Error): void {
    this.#activity.reset();
    this.#watchers.reject(reason);
  }

  /** Ends all waits with this reason, and admits no starts until `reopen`. */
  refuse(reason: Error): void {
    this.#refusal = reason;
    this.#activity.reset();
    this.#queue.rejectAll(reason);
    this.#watchers.reject(reason);
  }

  /**
   * Admits starts again. Returns whether the server's own queue has changed in the meantime. `isClear`:
   * whether the server has reported the thread's status.
   */
  reopen({ isClear }: { readonly isClear: boolean }): boolean {
    if (!isClear) this.#activity.believeActive();
    const hasQueueChanged = this.#hasQueueChanged;
    this.#refusal = undefined;
    this.#hasQueueChanged = false;
    return hasQueueChanged;
  }

  /** Admits the next start if the thread is free. Must be called after every change. */
  update(): void {
    this.#checkSlot();
    if (!this.#isBusy && this.#queue.isFirstReady) {
      // The slot is taken before the caller runs, so that no other caller can take it first.
      this.#activity.begin();
      this.#queue.admitFirst();
    }
    const { hasTurn, isStarting } = this.#activity;
    if (hasTurn || isStarting || this.#owner.turns.size > 0) this.#queue.standAside();
    if (this.#mustAsk) this.#occupied.start();
    else this.#occupied.stop();
    this.#owner.settled();
  }

  #checkSlot(): void {
    if (this.#slot && !this.isFree) this.#slot.abort();
  }

  get #isBusy(): boolean {
    return this.#activity.isBusy || this.#owner.turns.size > 0;
  }

  /**
   * Whether the client must ask the server whether the thread is idle: something is waiting for that, or nothing else
   * may ever show it.
   */
  get #mustAsk(): boolean {
    const { turns, handles } = this.#owner;
    const isWaitedFor = this.#queue.isWaitedFor || !this.#watchers.isEmpty || !handles.hasAny;
    if (!(isWaitedFor || this.#activity.isPresumed) || this.#refusal || this.#activity.isStarting)
      return false;
    return turns.awaited().length === 0 && (this.#isBusy || !this.#watchers.isEmpty);
  }
}
