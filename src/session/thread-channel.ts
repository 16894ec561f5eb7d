import type { Notification } from "../rpc/messages.ts";
import type { DeltaLine } from "../turn/delta-line.ts";
import { TurnRecord } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";
import { onAbort } from "../util/abort.ts";
import { deferred } from "../util/deferred.ts";

/** The place of a thread's one turn. Exactly one of the two is called, once. */
export interface TurnSlot {
  /** The server has started this turn: the slot is free again when the turn has completed. */
  started(turnId: string): TurnRecord;
  /** A turn will start whose id is not told (compaction): free again when it has completed. */
  expectTurn(): void;
  /** Nothing was started. */
  release(): void;
}

/** What came for a thread's turns while this client caught up with what it had missed. */
export type Hold = { readonly turnId: string; readonly notification: Notification }[];

interface Waiter {
  readonly admit: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * What this client knows of one thread: its live turns, and who may start the next. A second
 * `turn/start` on an active thread would silently steer the first turn, so starts are admitted one
 * at a time, and only while no turn is known to be active, whoever started it.
 */
export class ThreadChannel {
  readonly id: string;
  readonly #wakes: Wakes | undefined;
  readonly #live = new Map<string, TurnRecord>();
  /** Turns that were started and not completed, ours and others'. */
  #active = new Set<string>();
  readonly #waiters: Waiter[] = [];
  #statusActive = false;
  #starting = false;
  #expecting = false;
  /** How many answers are awaited that will say whether the thread is at work. */
  #resumes = 0;
  /** Why nothing more comes of this thread. */
  #failure: Error | undefined;
  /** Turns that were first heard of while a start was under way: one may be ours, its id yet to be told. */
  readonly #candidates = new Map<string, TurnRecord>();

  #held: Hold | undefined;
  /** The settings with which the thread was started or resumed, for resuming it in another process. */
  settings: object = {};
  /** Whether the server tells this connection of the thread's turns. */
  subscribed = true;

  /** `wakes` wakes the readers of all threads together. */
  constructor(id: string, wakes?: Wakes) {
    this.id = id;
    this.#wakes = wakes;
  }

  /** Whether the server last said that the thread is at work. */
  get statusActive(): boolean {
    return this.#statusActive;
  }

  /** Whether starts wait for the thread to be free. */
  get hasWaiters(): boolean {
    return this.#waiters.length > 0;
  }

  record(turnId: string): TurnRecord | undefined {
    return this.#live.get(turnId) ?? this.#candidates.get(turnId);
  }

  /** Why it has ended and admits no turns any more, if it has. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether it has ended with an error, and admits no turns any more. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get records(): Iterable<TurnRecord> {
    return this.#live.values();
  }

  /**
   * Waits for the thread to be free of turns, in order. Rejects with the signal's reason, or with
   * that of `fail`.
   */
  async acquire(signal?: AbortSignal): Promise<TurnSlot> {
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
    if (this.#busy || this.#waiters.length > 0) await this.#wait(signal);
    this.#starting = true;
    return {
      started: (turnId) => this.#started(turnId),
      expectTurn: () => {
        // Its start may have overtaken the answer that this follows.
        this.#expecting = this.#candidates.size === 0;
        this.#settle();
      },
      release: () => this.#settle(),
    };
  }

  /** A notification of one turn of this thread. */
  acceptTurn(turnId: string, notification: Notification): void {
    // Token usage is told whole, so it needs no place in the order, and tells at once that it is there.
    const mayWait = notification.method !== "thread/tokenUsage/updated";
    if (this.#held && mayWait) this.#held.push({ turnId, notification });
    else this.#deliver(turnId, notification);
  }

  /** The same for a delta that was not parsed; false when its notification is needed. */
  acceptLine(line: DeltaLine): boolean {
    if (this.#held) return false;
    const record = this.record(line.part.params.turnId);
    return record ? record.acceptLine(line) : !this.#starting;
  }

  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Keeps back what comes for turns, until `release`. */
  hold(): Hold {
    this.#held ??= [];
    return this.#held;
  }

  /** Keeps back only what comes from now on: what an older connection brought is asked for again. */
  holdAnew(): Hold {
    this.#held = [];
    return this.#held;
  }

  /**
   * Delivers what was kept back, and all that comes from now on; nothing when another hold has
   * taken the place of this one.
   */
  release(hold: Hold): void {
    if (hold !== this.#held) return;
    const held = this.#held;
    this.#held = undefined;
    // What is delivered may start another hold.
    for (const { turnId, notification } of held) this.acceptTurn(turnId, notification);
  }

  #deliver(turnId: string, notification: Notification): void {
    if (notification.method === "turn/started") {
      this.#active.add(turnId);
      this.#expecting = false;
    }
    if (this.#starting && !this.record(turnId)) {
      this.#candidates.set(turnId, new TurnRecord(this.id, turnId, this.#wakes));
    }
    const record = this.record(turnId);
    if (notification.method === "turn/completed") {
      if (record?.beforeEnd) this.#completeWhole(record, record.beforeEnd, notification);
      else this.#complete(turnId, notification);
    } else {
      record?.accept(notification);
    }
  }

  /** The thread's status as the server told it; a thread is free when it is not active. */
  acceptStatus(status: { type?: unknown } | undefined): void {
    this.#statusActive = status?.type === "active";
    this.#pump();
  }

  /** Holds starts back until `resume` has told whether the thread is at work. */
  async whileResuming<T>(resume: () => Promise<T>): Promise<T> {
    this.#resumes++;
    try {
      return await resume();
    } finally {
      this.#resumes--;
      this.#pump();
    }
  }

  /** Only turns with a live record count as active from now on: what is known of others is out of date. */
  forgetActive(): void {
    this.#active = new Set(this.#live.keys());
    this.#statusActive = false;
    this.#expecting = false;
    this.#pump();
  }

  /** Whether a start is under way whose turn is not known yet. */
  get isStarting(): boolean {
    return this.#starting;
  }

  /** Whether a turn of ours runs, is being started, or waits for its start. */
  get isAtWork(): boolean {
    return this.#live.size > 0 || this.#starting || this.#waiters.length > 0;
  }

  /**
   * Nothing more will be heard of the thread: every live turn, the one whose start is under way and
   * those that wait or would start end with this error.
   */
  fail(reason: Error): void {
    this.#failure = reason;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(reason);
    for (const record of this.#live.values()) record.fail(reason);
    this.#live.clear();
    this.#active.clear();
    this.#statusActive = false;
    this.#expecting = false;
  }

  get #busy(): boolean {
    if (this.#starting || this.#expecting || this.#resumes > 0) return true;
    return this.#statusActive || this.#active.size > 0;
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = deferred<void>();
    const waiter: Waiter = { admit: resolve, reject };
    this.#waiters.push(waiter);
    const stop = onAbort(signal, () => {
      const index = this.#waiters.indexOf(waiter);
      if (index !== -1) this.#waiters.splice(index, 1);
      reject(signal?.reason);
    });
    await promise.finally(stop);
  }

  #pump(): void {
    if (this.#busy) return;
    const next = this.#waiters.shift();
    if (next === undefined) return;
    // Taken before the waiter runs, so that nobody slips in between.
    this.#starting = true;
    next.admit();
  }

  #started(turnId: string): TurnRecord {
    const record = this.#candidates.get(turnId) ?? new TurnRecord(this.id, turnId, this.#wakes);
    if (this.#failure) {
      record.fail(this.#failure);
    } else if (!record.over) {
      this.#live.set(turnId, record);
      this.#active.add(turnId);
    }
    this.#settle();
    return record;
  }

  /** The start under way is over, and with it the need to keep what may be ours. */
  #settle(): void {
    this.#starting = false;
    this.#candidates.clear();
    this.#pump();
  }

  #complete(turnId: string, notification: Notification): void {
    this.record(turnId)?.accept(notification);
    this.#active.delete(turnId);
    this.#live.delete(turnId);
    this.#pump();
  }

  /** Keeps the end of the turn back until what was missed of it is there. */
  #completeWhole(record: TurnRecord, beforeEnd: () => Promise<void>, end: Notification): void {
    record.beforeEnd = undefined;
    const hold = this.hold();
    beforeEnd().then(
      () => {
        this.#complete(record.turnId, end);
        this.release(hold);
      },
      // The connection was lost once more: the turn is reconciled anew when it is back.
      () => {},
    );
  }
}
