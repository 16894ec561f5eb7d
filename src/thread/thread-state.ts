import { CodexError, MessageUnansweredError } from "../errors/errors.ts";
import type { Thread as ThreadRecord, ThreadResumeResponse, TurnError } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { CallLost } from "../rpc/pending.ts";
import { DeltaForm, type DeltaLine } from "../turn/delta-line.ts";
import type { TurnRecord, TurnRecordEvents } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { isRecord } from "../util/describe.ts";
import { Activity } from "./activity.ts";
import { askStatus } from "./ask-status.ts";
import { Backlog } from "./backlog.ts";
import { CatchUp, type CatchUpThread } from "./catch-up.ts";
import { isBeforeFirstTurn } from "./history.ts";
import { childrenNamedBy } from "./kinship.ts";
import { LiveTurns } from "./live-turns.ts";
import { ModelRetryLimit } from "./model-retry-limit.ts";
import { OccupiedCheck } from "./occupied-check.ts";
import { StartQueue } from "./start-queue.ts";
import type { CurrentConnection, ThreadServer } from "./thread-server.ts";
import type { ThreadTools } from "./thread-tools.ts";

/** What a thread needs from the registry that holds it. */
export interface ThreadHolder {
  /** The thread may be idle and unreferenced now. */
  settled(thread: ThreadState): void;
  /** This thread names one that works for it. */
  adopt(childId: string, parent: ThreadState): void;
  /** The server retried to reach the turn's model for too long. */
  unreachable(thread: ThreadState, record: TurnRecord): void;
  /** Wakes the readers of all threads together. */
  readonly wakes?: Wakes | undefined;
}

/** What is known of a thread when it is started, resumed or forked. */
export interface ThreadOpening {
  readonly tools?: ThreadTools | undefined;
  /** The settings to repeat when another process of the server resumes the thread. */
  readonly settings?: object | undefined;
}

/** The place of a thread's next turn; disposing of it lets the next caller have it. */
export type StartSlot = Disposable;

/**
 * Everything that this client knows of one thread. Nothing else holds state of a thread, and only
 * the methods of this class change it: its handles and tools, the turns that live on it, whoever
 * has started them, who may start the next one, and what this connection has missed.
 */
export class ThreadState implements CatchUpThread, TurnRecordEvents {
  readonly id: string;
  readonly server: ThreadServer;
  readonly #holder: ThreadHolder;
  readonly #turns: LiveTurns;
  readonly #activity = new Activity();
  readonly #starts = new StartQueue();
  readonly #retryLimit: ModelRetryLimit;
  readonly #occupied = new OccupiedCheck(() => this.#askWhetherOccupied());
  readonly #children = new Set<ThreadState>();
  #parent: ThreadState | undefined;
  #handles = 0;
  #tools: ThreadTools | undefined;
  #settings: object = {};
  #ephemeral = false;
  #cwd: string | undefined;
  /** Whether the server sends this connection the thread's turns. */
  #subscribed = true;
  /** Why the thread admits no turns until it is resumed. */
  #refusal: Error | undefined;
  readonly #backlog = new Backlog((turnId, notification) =>
    this.#acceptForTurn(turnId, notification),
  );
  /** Callers that wait for a turn which the response to their request doesn't name. */
  readonly #turnWatchers = new Set<Deferred<TurnRecord | undefined>>();
  /** The form of the thread's last delta. */
  #deltaForm: DeltaForm | undefined;

  constructor(id: string, server: ThreadServer, holder: ThreadHolder) {
    this.id = id;
    this.server = server;
    this.#holder = holder;
    this.#turns = new LiveTurns(id, this, holder.wakes);
    this.#retryLimit = new ModelRetryLimit(server.modelRetryMs);
  }

  // — Who refers to the thread

  /** A handle of the thread was made. */
  retain(): void {
    this.#handles++;
  }

  release(): void {
    this.#handles--;
    this.#holder.settled(this);
  }

  get hasHandles(): boolean {
    return this.#handles > 0;
  }

  /** Whether turns run on it, are being started or wait, or may be started by its children. */
  get isAtWork(): boolean {
    if (this.#turns.size > 0 || this.#activity.isBusy || !this.#starts.isEmpty) return true;
    return [...this.#children].some((child) => child.isAtWork);
  }

  get parent(): ThreadState | undefined {
    return this.#parent;
  }

  get children(): Iterable<ThreadState> {
    return this.#children;
  }

  /** This thread works for another: it has its tools. */
  workFor(parent: ThreadState): void {
    this.#parent = parent;
    parent.#children.add(this);
  }

  /** The tools of this thread, or of the one that it works for. */
  get tools(): ThreadTools | undefined {
    return this.#tools ?? this.#parent?.tools;
  }

  get isEphemeral(): boolean {
    return this.#ephemeral;
  }

  /** The thread's working directory, as far as the server has reported it. */
  get cwd(): string | undefined {
    return this.#cwd;
  }

  // — What responses say, applied in the order of the wire

  /** The thread was started, resumed or forked on this connection. */
  opened(thread: unknown, { tools, settings }: ThreadOpening = {}): void {
    if (tools) this.#tools = tools;
    if (settings) this.#settings = settings;
    this.#subscribed = true;
    this.#refusal = undefined;
    this.inform(thread);
  }

  /** What the server says of the thread in whatever response. */
  inform(thread: unknown): void {
    if (!isRecord(thread)) return;
    const { ephemeral, status, cwd } = thread as Partial<ThreadRecord>;
    if (typeof cwd === "string") this.#cwd = cwd;
    if (typeof ephemeral === "boolean") this.#ephemeral = ephemeral;
    if (isRecord(status)) this.#report(status.type, true);
  }

  /** What the server answers when it is asked how the thread is: what was known before is out of date. */
  confirm(thread: unknown): void {
    this.inform(thread);
    if (this.#activity.isActive) return;
    this.#activity.reset();
    this.#turns.dropForeign();
    this.#tellWatchers(undefined);
    this.#settled();
  }

  /** The server sends nothing of this thread any more, because it was asked not to. */
  unsubscribed(reason: Error): void {
    this.#subscribed = false;
    this.refuse(reason);
  }

  /** Ends all live turns and all starts with this error, and admits no more until the thread is resumed. */
  refuse(reason: Error): void {
    this.#refusal = reason;
    this.#activity.reset();
    this.#backlog.clear();
    this.#starts.rejectAll(reason);
    this.#takeWatchers().forEach(({ reject }) => void reject(reason));
    this.#turns.failAll(reason);
    this.#settled();
  }

  /** A request was answered that has started a turn, or will soon, which the response doesn't name. */
  expectTurn(): void {
    if (this.#refusal) return;
    this.#activity.expectTurn();
    this.#settled();
  }

  /** The server's own queue has changed: an idle thread may start its next submission at any moment. */
  queueChanged(): void {
    if (this.#refusal) return;
    this.#activity.queueChanged();
    const onResult = (result: unknown) => {
      if (isRecord(result) && Array.isArray(result.data) && result.data.length === 0)
        this.#activity.queueIsEmpty();
    };
    const params = { threadId: this.id, limit: 1 };
    this.server.request("thread/queue/list", params, { onResult }).catch(() => {});
  }

  /** A turn that a request of this program has started. */
  claim(turnId: string, clientMessageId?: string): TurnRecord {
    const record = this.#turns.claim(turnId, clientMessageId);
    if (this.#refusal) record.fail(this.#refusal);
    return record;
  }

  // — Starts

  /**
   * Waits until the thread is free, in order of arrival. Rejects with the signal's reason, or with
   * why the thread admits no turns.
   */
  async acquire(signal?: AbortSignal): Promise<StartSlot> {
    signal?.throwIfAborted();
    if (this.#refusal) throw this.#refusal;
    if (this.#isBusy || !this.#starts.isEmpty) {
      const admitted = this.#starts.wait(signal);
      this.#settled();
      await admitted;
    } else {
      this.#activity.begin();
    }
    let released = false;
    return {
      [Symbol.dispose]: () => {
        if (released) return;
        released = true;
        this.#finishStart();
      },
    };
  }

  /**
   * The next turn that begins on the thread, which counts as this program's own. To be called before
   * the request that starts it is sent; undefined when the thread proves to be idle without one.
   * Rejects when the connection is lost before. Dispose of it when it isn't needed.
   */
  nextTurn(): Disposable & { readonly record: Promise<TurnRecord | undefined> } {
    const watcher = deferred<TurnRecord | undefined>();
    this.#turnWatchers.add(watcher);
    this.#settled();
    return {
      record: watcher.promise,
      [Symbol.dispose]: () => void this.#turnWatchers.delete(watcher),
    };
  }

  /** Whether the holder of the slot may start a turn now. */
  get isFree(): boolean {
    return !this.#activity.isOccupied && this.#turns.size === 0;
  }

  /** Whether it admits no turns until it is resumed. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  get isSubscribed(): boolean {
    return this.#subscribed;
  }

  /** Asks the server to send this connection the thread's turns, if it doesn't: `thread/resume`. */
  async subscribe(signal?: AbortSignal): Promise<void> {
    if (this.#subscribed) return;
    const ask = (method: string, params: object, onResult: (result: unknown) => void) =>
      this.server.request(method, params, { onResult, signal });
    await this.#resume(ask);
  }

  /** Holds starts back while `work` waits for an answer that says whether the thread is active. */
  async whileAsking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#activity.whileAsking(work);
    } finally {
      this.#settled();
    }
  }

  // — Notifications

  /** A notification about this thread; `turnId` if it names a turn. */
  accept(notification: Notification, turnId: string | undefined): void {
    const params = notification.params as Readonly<Record<string, unknown>>;
    switch (notification.method) {
      case "thread/status/changed":
        if (isRecord(params.status)) this.#report(params.status.type, false);
        return;
      case "thread/queue/changed":
        this.queueChanged();
        return;
      case "thread/closed":
      case "thread/archived":
      case "thread/deleted":
        this.#subscribed = false;
        return;
    }
    if (turnId !== undefined) this.#acceptForTurn(turnId, notification);
  }

  /** A delta that was not parsed; false when its notification is needed. */
  acceptLine(line: DeltaLine): boolean {
    if (this.#backlog.isHolding) return false;
    return this.#turns.get(line.part.params.turnId)?.acceptLine(line) ?? false;
  }

  /** The form of this line, which may be a delta's. */
  deltaForm(line: string): DeltaForm | undefined {
    if (!this.#deltaForm?.begins(line)) this.#deltaForm = DeltaForm.of(line);
    return this.#deltaForm;
  }

  /** The record of a turn that has not ended. */
  turn(turnId: string): TurnRecord | undefined {
    return this.#turns.get(turnId);
  }

  ownTurns(): TurnRecord[] {
    return this.#turns.own();
  }

  /** All turns that live on the thread. */
  liveTurns(): TurnRecord[] {
    return [...this.#turns];
  }

  get isActive(): boolean {
    return this.#activity.isActive;
  }

  // — Connections

  /** The connection is a new one: what was known of the thread's activity is out of date. */
  connectionReplaced(connection: CurrentConnection): void {
    this.#subscribed = false;
    if (this.#refusal) return;
    const atWork = this.isAtWork;
    this.#activity.reset();
    const lost = new CallLost(new CodexError("the connection was lost"), true);
    this.#takeWatchers().forEach(({ reject }) => void reject(lost));
    // What the older connection brought is fetched again.
    this.#backlog.clear();
    if (atWork) this.catchUp(connection);
  }

  /** Fetches what was missed of the live turns; what comes for them meanwhile is delivered after it. */
  catchUp(connection: CurrentConnection): void {
    const catchUp = new CatchUp(this, this.server, connection);
    this.#fetch(() => this.#activity.whileAsking(() => catchUp.resume()));
  }

  get isCatchingUp(): boolean {
    return this.#backlog.isHolding;
  }

  async resumeOn(connection: CurrentConnection): Promise<ThreadResumeResponse | undefined> {
    return this.#resume((method, params, onResult) => connection.ask(method, params, onResult));
  }

  complete(record: TurnRecord, end: Notification): void {
    const { turn } = end.params as { turn?: { status?: unknown } };
    const unanswered = turn?.status === "completed" ? record.unanswered : undefined;
    if (unanswered === undefined) record.accept(end);
    else record.fail(new MessageUnansweredError(record, unanswered));
  }

  // — What records report

  ended(record: TurnRecord): void {
    this.#turns.ended(record);
    this.#retryLimit.stop(record);
    this.#deltaForm = undefined;
    this.#settled();
  }

  retrying(record: TurnRecord, error: TurnError | undefined): void {
    this.#retryLimit.follow(record, error, () => this.#holder.unreachable(this, record));
  }

  // — Inside

  get #isBusy(): boolean {
    return this.#activity.isBusy || this.#turns.size > 0;
  }

  #report(type: unknown, asked: boolean): void {
    if (type === "notLoaded") this.#subscribed = false;
    this.#activity.report(type === "active", asked || type === "notLoaded");
    this.#settled();
  }

  #acceptForTurn(turnId: string, notification: Notification): void {
    const { method, params } = notification;
    // Token usage is always whole, so it needs no place in the order.
    if (this.#backlog.isHolding && method !== "thread/tokenUsage/updated") {
      this.#backlog.push(turnId, notification);
      return;
    }
    if (method === "turn/completed") this.#activity.sawEnd();
    const record = this.#turns.see(turnId, method, { mayBeOurs: this.#activity.isStarting });
    if (record === undefined) {
      this.#settled();
      return;
    }
    if (method === "turn/started") {
      this.#activity.saw();
      this.#tellWatchers(record);
    }
    for (const childId of childrenNamedBy(method, params)) this.#holder.adopt(childId, this);
    if (method !== "turn/completed") {
      record.accept(notification);
      return;
    }
    if (record.isOwn && record.hasGap) this.#settle(record, notification);
    else this.complete(record, notification);
    // A review runs under a second id, which is never completed.
    if (!this.#activity.isActive) this.#turns.dropForeign();
  }

  /** Keeps the end of the turn back until what was missed of it is there. */
  #settle(record: TurnRecord, end: Notification): void {
    record.settle();
    const connection = this.server.connection();
    // Without a connection, the next one brings the end.
    if (!connection) return;
    this.#fetch(() => new CatchUp(this, this.server, connection).settle(record, end));
  }

  #fetch(work: () => Promise<void>): void {
    this.#backlog.fetch(work, () => {
      // A start whose outcome isn't known yet is settled first.
      if (!this.#activity.isStarting) this.#backlog.deliver();
      this.#settled();
    });
  }

  #finishStart(): void {
    this.#activity.finish();
    this.#turns.forgetCandidates();
    if (!this.#activity.isActive) this.#turns.dropForeign();
    this.#backlog.deliver();
    this.#settled();
  }

  /** Admits the next start if the thread is free, and lets the registry drop a thread that is idle. */
  #settled(): void {
    if (!this.#isBusy && !this.#starts.isEmpty) {
      // Taken before the caller runs, so that no other slips in between.
      this.#activity.begin();
      this.#starts.admitNext();
    }
    if (this.#mustAsk) this.#occupied.start();
    else this.#occupied.stop();
    this.#holder.settled(this);
  }

  /** Whether something waits for the thread to be idle, and only the server can say whether it is. */
  get #mustAsk(): boolean {
    const isWaitedFor = !this.#starts.isEmpty || this.#turnWatchers.size > 0 || !this.hasHandles;
    if (!isWaitedFor || this.#refusal) return false;
    if (this.#activity.isStarting || this.#turns.own().length > 0) return false;
    return this.#isBusy || this.#turnWatchers.size > 0;
  }

  #tellWatchers(record: TurnRecord | undefined): void {
    const watchers = this.#takeWatchers();
    if (watchers.length > 0) record?.claim(undefined);
    for (const watcher of watchers) watcher.resolve(record);
  }

  #takeWatchers(): Deferred<TurnRecord | undefined>[] {
    const watchers = [...this.#turnWatchers];
    this.#turnWatchers.clear();
    return watchers;
  }

  async #resume(
    ask: (method: string, params: object, onResult: (result: unknown) => void) => Promise<unknown>,
  ): Promise<ThreadResumeResponse | undefined> {
    const params = { ...this.#settings, threadId: this.id, excludeTurns: true };
    const onResult = (result: unknown) =>
      this.opened((result as { thread?: unknown } | null)?.thread);
    try {
      return (await ask("thread/resume", params, onResult)) as ThreadResumeResponse;
    } catch (error) {
      // A thread can't be resumed before its first turn; it can be when that turn has begun.
      if (!isBeforeFirstTurn(error) || this.#ephemeral) throw error;
      return undefined;
    }
  }

  async #askWhetherOccupied(): Promise<void> {
    const connection = this.server.connection();
    if (connection && !this.isCatchingUp) await askStatus(this, connection).catch(() => {});
  }
}
